import type { Person } from './person.js';

/** A world to look at: a direct conversation with everything in it, a group, the world room, notes. */
export async function furnish(ada: Person, bob: Person, chen: Person): Promise<void> {
  await Promise.all([ada.register('Ada Lovelace'), bob.register('Bob Martin'), chen.register('陈小雨')]);
  await ada.startChatWith('Bob Martin');
  await ada.write('Good morning! Did you get the notes about the engine?');
  await bob.open('Ada Lovelace');
  await bob.sees('Good morning! Did you get the notes about the engine?');
  await bob.write('Yes, all of them. The second page is https://example.org/notes/2, isn’t it?');
  await bob.write('I would add a diagram.');
  await ada.sees('I would add a diagram.');
  await ada.react('I would add a diagram.', '👍');
  await ada.act('I would add a diagram.', 'Reply');
  await ada.write('Good idea. I drew one yesterday:');
  await ada.sendPicture('engine.png', 'The mill and the store', 960, 640);
  await bob.bubble('The mill and the store').waitFor();
  await bob.react('The mill and the store', '❤️');
  await bob.write('It is beautiful 😍');
  await bob.write('😍🎉');
  await ada.bubble('😍🎉').waitFor();
  await ada.write('שלום, this line begins in Hebrew and ends in English.');
  await ada.write('下午三点开会，别忘了带图纸。');
  await bob.bubble('下午三点开会').waitFor();
  await bob.write(
    'I will be there at three, and I bring the long explanation that nobody asked for: '.repeat(4).trim(),
  );

  await ada.createGroup('Analytical Engine', ['Bob Martin', '陈小雨']);
  await ada.write('Welcome, everybody. Here is where we plan.');
  await chen.open('Analytical Engine');
  await chen.write('大家好！我来负责测试。');
  await bob.open('Analytical Engine');
  await bob.write('Hello Chen, hello Ada.');
  await ada.bubble('Hello Chen').waitFor();
  await ada.act('Welcome, everybody', 'Pin');
  await ada.react('大家好', '👍');
  await bob.react('大家好', '👍');
  await ada.enterWorld();
  await ada.write('Hello world');
}
