export { default as AudioBody } from './AudioBody.vue';
export { default as ContactBody } from './ContactBody.vue';
export { default as CustomBody } from './CustomBody.vue';
export { default as FileBody } from './FileBody.vue';
export { default as LocationBody } from './LocationBody.vue';
export { default as MergedBody } from './MergedBody.vue';
export { default as VideoBody } from './VideoBody.vue';
