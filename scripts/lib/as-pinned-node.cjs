// Loaded into npm. npm leaves out an optional package, say a native binding, whose `engines` refuse the Node that npm itself
// runs on, and has no option to name another. Here the packages are for the pinned Node, so that is the one npm must see.
Object.defineProperty(process, 'version', { value: `v${process.env.PARLEY_PINNED_NODE}` });
