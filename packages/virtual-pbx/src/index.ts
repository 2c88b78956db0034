export { decodeStorageLink, encodeStorageLink } from "./StorageLink.ts"
export { AudioWay, type FtpOptions, PbxScope, VirtualPbxOptions } from "./VirtualPbxOptions.ts"
export { connect, layer, make, provider, VirtualPbx, type VirtualPbxSettings } from "./VirtualPbxSource.ts"
