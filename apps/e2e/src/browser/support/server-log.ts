import { Api } from '../../support/api.js';
import { PASSWORD, type Person } from './person.js';

interface Event {
  type: string;
  data: { content?: { text?: string } };
}

/** The texts of the conversation that somebody has open, as the server has them. */
export async function textsOnServer(url: string, person: Person): Promise<string[]> {
  const conversationId = new URL(person.page.url()).pathname.split('/').at(-1);
  const { accessToken } = await new Api(url).post<{ accessToken: string }>('/auth/login', {
    username: person.name,
    password: PASSWORD,
  });
  const { items } = await new Api(url, accessToken).get<{ items: Event[] }>(
    `/conversations/${conversationId}/events?afterSeq=0&limit=200`,
  );
  return items.flatMap(({ type, data }) => (type === 'message.created' ? [data.content?.text ?? ''] : []));
}
