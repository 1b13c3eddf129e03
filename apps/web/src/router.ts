import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { allTexts } from './i18n';

/** Screens are loaded when they are first seen; the one that everybody sees first, the conversation, comes with the start. */
const routes: RouteRecordRaw[] = [
  { path: '/welcome', name: 'welcome', component: () => import('./auth/WelcomeScreen.vue'), meta: { open: true } },
  {
    path: '/',
    component: () => import('./shell/AppShell.vue'),
    children: [
      { path: '', name: 'home', component: () => import('./shell/NothingOpen.vue') },
      {
        path: 'c/:conversationId',
        name: 'conversation',
        component: () => import('./conversation/ConversationScreen.vue'),
        props: true,
      },
      {
        path: 'contacts/:userId?',
        name: 'contacts',
        component: () => import('./contacts/ContactsScreen.vue'),
        props: true,
      },
      { path: 'explore', name: 'explore', component: () => import('./group/ExploreScreen.vue') },
      { path: 'search', name: 'search', component: () => import('./search/SearchScreen.vue') },
      {
        path: 'settings/:section?',
        name: 'settings',
        component: () => import('./settings/SettingsScreen.vue'),
        props: true,
      },
      { path: 'i/:code', name: 'invitation', component: () => import('./group/InvitationScreen.vue'), props: true },
    ],
  },
  { path: '/:rest(.*)*', redirect: '/' },
];

export const router = createRouter({ history: createWebHistory(), routes });

const FIRST: readonly unknown[] = ['home', 'conversation'];
router.beforeEach(async ({ name }) => {
  if (!FIRST.includes(name)) await allTexts();
});
