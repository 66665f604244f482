export { textOf } from './markdown-text.js';
export { siteChannel } from './published-posts.js';
export { fallsSilent, refuses, says, TestChatServer, type ChatReply } from './test-chat-server.js';
export { makeItem, type TestItem } from './test-item.js';
export { solarSources, testLexicon } from './test-sources.js';
