// lists optional deps recorded without a lock entry (=> npm ci EUSAGE)
import fs from 'node:fs';
const l = JSON.parse(fs.readFileSync(process.argv[2] || 'package-lock.json'));
const miss = {};
for (const [p, v] of Object.entries(l.packages)) {
  for (const [n, r] of Object.entries(v.optionalDependencies || {})) {
    let base = p,
      found = false;
    while (true) {
      const c = (base ? base + '/' : '') + 'node_modules/' + n;
      if (l.packages[c]) {
        found = true;
        break;
      }
      if (!base) break;
      const i = base.lastIndexOf('node_modules/');
      base = base.slice(0, i).replace(/\/$/, '');
    }
    if (!found) (miss[p || '<root>'] ??= []).push(n + '@' + r);
  }
}
console.log(Object.keys(miss).length ? miss : 'lock complete: all optional deps present');
