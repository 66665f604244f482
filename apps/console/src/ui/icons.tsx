import type { ReactNode } from 'react';

interface IconProps {
  readonly size?: number;
}

/** An icon beside a text that says the same: hidden from screen readers. */
function icon(paths: ReactNode) {
  return function Icon({ size = 18 }: IconProps) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {paths}
      </svg>
    );
  };
}

export const ListIcon = icon(<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01" />);
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />);
export const SearchIcon = icon(
  <>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m20 20-4.2-4.2" />
  </>,
);
export const ReviewIcon = icon(<path d="M5 4h14v16H5zM9 9h6M9 13h6M9 17h3" />);
export const AuditIcon = icon(<path d="M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4" />);
export const GaugeIcon = icon(<path d="M4 18a8.5 8.5 0 1 1 16 0M12 15l4-5" />);
export const UsersIcon = icon(
  <>
    <circle cx="9" cy="8" r="3.5" />
    <path d="M3 20c0-4 2.5-6 6-6s6 2 6 6M16 5a3.2 3.2 0 0 1 0 6.2M17.5 14.5c2.3.7 3.5 2.6 3.5 5.5" />
  </>,
);
export const SunIcon = icon(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M5.6 18.4l1-1M17.4 6.6l1-1" />
  </>,
);
export const ExitIcon = icon(<path d="M14 4H6v16h8M11 12h9M17 9l3 3-3 3" />);
export const BookIcon = icon(<path d="M5 5c3-1 5-1 7 1 2-2 4-2 7-1v14c-3-1-5-1-7 1-2-2-4-2-7-1zM12 6v14" />);
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.5L19 7" />);
export const CrossIcon = icon(<path d="M6 6l12 12M18 6 6 18" />);
export const ClockIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.5V12l3 2" />
  </>,
);
export const PlayIcon = icon(<path d="M7 5v14l11-7z" />);
export const BanIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="m6.2 6.2 11.6 11.6" />
  </>,
);
export const RetryIcon = icon(<path d="M20 11a8 8 0 1 0-2.3 6.5M20 5v6h-6" />);
export const CopyIcon = icon(<path d="M9 9h11v11H9zM5 15H4V4h11v1" />);
export const DownloadIcon = icon(<path d="M12 4v11M7 11l5 5 5-5M5 20h14" />);
export const BackIcon = icon(<path d="M19 12H5M11 6l-6 6 6 6" />);
export const LinkIcon = icon(<path d="M14 5h5v5M19 5l-8 8M17 14v5H5V7h5" />);
export const FilterIcon = icon(<path d="M4 6h16M7 12h10M10 18h4" />);
export const WarningIcon = icon(<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.3h.01" />);
export const HandOverIcon = icon(<path d="M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4" />);
export const PenIcon = icon(<path d="M5 19l1-4L16 5l3 3L9 18zM14 7l3 3" />);
export const GlobeIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17" />
  </>,
);
export const DocumentIcon = icon(<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6" />);
