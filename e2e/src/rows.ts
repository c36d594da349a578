/** Three tracks and three users as CSV. */
export const SONGS = `id,track_id,artists,album_name,track_name,popularity,duration_ms,explicit,track_genre
0,T1,Ann;Bo,First,One,70,200000,False,rock
1,T2,Ann,First,Two,60,180000,False,jazz
2,T3,Cy,Third,Three,50,240000,True,rock
`;
export const USERS = `user_id,user_name,user_age,user_country,created_at
u1,Uma,30,DE,2018-01-01
u2,Vic,40,FR,2018-01-01
u3,Wes,50,,2018-01-01
`;

const HEADER = 'event_id,user_id,track_id,listen_time,ms_played,device_type';
const COMMAS = HEADER.split(',').length - 1;

const padded = (line: string): string => line + ','.repeat(COMMAS - (line.match(/,/g) ?? []).length);

/** Builds a stream file of lines `event,user,track,time[,ms[,device]]`. */
export const stream = (...lines: string[]): string => `${[HEADER, ...lines.map(padded)].join('\n')}\n`;

/** Builds the users file with more users. */
export const usersAnd = (...ids: string[]): string => USERS + ids.map((id) => `${id},New,20,DE,2018-01-01\n`).join('');
