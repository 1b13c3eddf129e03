export { CountingIds, SetClock } from '@parley/kernel/testing';
export { BROKEN, FakeAvatarHolders, FakeConversations, FakePictures, TinySniffer } from './fakes.js';
export { fileStoreContract, type FileStoreHarness } from './file-store.contract.js';
export { InMemoryFileStore } from './in-memory-file-store.js';
export { InMemoryObjectStorage } from './in-memory-object-storage.js';
export { objectStorageContract, type ObjectStorageHarness } from './object-storage.contract.js';
export { avifOf, bmpOf, gifOf, jpegOf, pngOf, textOf, webpExtended, webpLossless, webpLossy } from './samples.js';
export { InMemoryThumbnailStore } from './in-memory-thumbnail-store.js';
export { thumbnailStoreContract, type ThumbnailStoreHarness } from './thumbnail-store.contract.js';
