/** Passwords of eight and more characters that attackers try first: tops of public lists of leaked ones, lower case. */
const LIST = `
!qaz1qaz !qaz2wsx 00000000a 01234567 012345678 0123456789 0987654321 10101010 1020304050 102030405060 1029384756 11111112 11112222
111222tianya 11223344 1122334455 112233445566 12121212 1212121212 123123123 1231231231 123123123a 123321123 12344321 1234512345
123454321 123456123 123456123456 123456654321 12345678 123456789 1234567890 1234567890a 12345678910 123456789a 123456789q
12345678a 12345678q 1234567a 1234567b 1234567q 123456aa 123456aaa 123456ab 123456abc 123456qwerty 12345abc 12345qwe 12345qwert
1234abcd 1234qwer 123a123a 123abc123 123qwe123 123qweasd 123qweasdzxc 13131313 1314520a 147258369 147852369 159357159 159753159
19841984 19851985 19861986 19871987 19881988 19891989 19901990 19911991 1a2b3c4d 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz!qaz
1qaz1qaz 1qaz2wsx 1qaz2wsx3edc 1qaz@wsx 1qazxsw2 20002000 20102010 20202020 20202021 20232023 20242024 20252025 20262026 21212121
23232323 27182818 31415926 314159265 3141592653 44332211 5201314520 55667788 5845201314 69696969 741852963 76543210 789456123
789456123a 87654321 87654321a 88888888a 963852741 98765432 987654321 9876543210 9876543211 99887766 a1234567 a12345678 a123456789
a123456a a1b2c3d4 a1s2d3f4 a5201314 aa123456 aa12345678 aaa12345 aaaa1111 abc12345 abc123456 abc123456789 abc123abc abcabcabc
abcd1234 abcd12345 abcde12345 abcdef123 abcdefgh abcdefghi abcdefghij access123 access14 admin!@# admin123 admin1234 admin12345
admin123456 admin2020 admin2021 admin2022 admin2023 admin2024 admin2025 admin2026 admin@123 adminadmin administrator
administrator1 aini1314 alejandra alejandro alexander alexander1 alexandra america1 andrew123 android1 angel123 angels123 anthony1
arsenal1 arsenal123 asd123456 asd123asd asdasd123 asdasdasd asdf1234 asdf12345 asdfasdf asdfghjk asdfghjkl asdfghjkl1 asdfghjkl;
asdfjkl; asdfqwer asdfzxcv ashley123 asshole1 autumn2023 autumn2024 autumn2025 autumn2026 azerty123 azertyui azertyuiop babyboy1
babydoll1 babygirl babygirl1 babygirl12 babygirl123 badboy123 banana123 barcelona barcelona1 baseball baseball1 basketball
basketball1 batman123 beautiful beautiful1 benjamin bigdaddy bigdick1 blackberry blessed1 blessing blueberry bonjour1 bonjour123
brasil123 brooklyn brother1 budweiser bullshit buttercup butterfly butterfly1 bvb09bvb09 california celtic123 champion champion1
champions changeit changeit123 changeme changeme1 changeme123 charles1 charlie1 charlie123 cheesecake chelsea1 chelsea123
cherry123 chevrolet cheyenne chocolate chocolate1 christ123 christian christina christine church123 ciaociao cocacola cocacola1
computer computer1 computer123 contrasena contraseña contraseña1 cookie123 cookies1 corinthians corvette counterstrike cowboys1
creative cristina cupcake1 daddy123 daddysgirl daniel123 danielle december default1 default123 demo1234 demodemo deutschland
diamond1 diamond123 dickhead disney123 donald123 doudou123 dragon01 dragon12 dragon123 dragonball drowssap eagles123 elizabeth
elizabeth1 estrella everton1 facebook facebook1 facebook123 family01 family123 february fernando fernando1 ferrari1 ferrari123
flamengo florida1 football football! football1 football12 football123 forever1 forever21 fortnite fortnite1 francisco frankreich
freedom1 freedom123 friday123 friends1 friends123 fuckme69 fuckoff1 fuckyou1 fuckyou123 fuckyou2 gabriel1 gabriela gangsta1
gangster gemini123 germany1 ginger123 godisgood godislove godzilla1 goodbye1 goodluck google123 guadalupe guest123 guest1234
guestguest guinness hacker123 hallihallo hallo123 hallo1234 harley123 haslo123 heaven123 heineken hello123 hello1234 hello1234!
hello12345 hellohello hellokitty hellokitty1 helloworld hockey123 hunter12 hunter123 ilovegod iloveher ilovehim ilovejesus
ilovemom ilovemyself iloveu12 iloveu123 iloveyou iloveyou! iloveyou. iloveyou1 iloveyou12 iloveyou123 iloveyou13 iloveyou14
iloveyou2 iloveyou22 iloveyou3 iloveyou7 instagram internet internet1 internet123 iphone123 jackdaniels january1 jennifer
jennifer1 jessica1 jessica123 jesus123 jesus4ever jesus777 jesuschrist jonathan jonathan1 jordan123 jordan23 joshua123 juventus
juventus1 kazakhstan killer123 lakers123 legend123 letmein! letmein1 letmein12 letmein123 letmeinnow li123456 linkedin linkedin1
linkedin123 liverpool liverpool1 liverpool123 lkjhgfdsa login123 login1234 lol12345 lol123456 lololol1 london123 loulou123
loveforever lovelove lovely123 loveme12 loveme123 loverboy lovers123 loveyou1 loveyou123 loveyou2 lucky123 lucky777 manchester
manchester1 manutd123 mariposa marlboro marseille master01 master12 master123 matrix123 matthew1 maverick mercedes mercury1
mexico123 michael1 michael123 michelle michelle1 mickey123 mickeymouse microsoft midnight midnight1 minecraft minecraft1
minecraft123 mnbvcxz1 mommy123 monday123 money123 monkey12 monkey123 moonlight motdepasse mother123 motherfucker mustang1
mylove123 mypassword napoli123 naruto123 newpassword newyork1 nicholas nicholas1 ninja123 nintendo nothing1 november october1
orange123 p@ss1234 p@ssw0rd p@ssw0rd1 p@ssw0rd123 p@ssword p@ssword1 pa$$w0rd pa$$word pa55w0rd pa55word palmeiras parley123
parley1234 parleyadmin parol123 pass1234 pass12345 pass123456 pass@123 pass@word1 passpass passw0rd passw0rd! passw0rd1
passw0rd123 password password! password!1 password. password0 password00 password01 password1 password12 password123 password1234
password12345 password2 password21 password22 password3 password4 password5 password6 password69 password7 password8 password9
password99 passwords passwort passwort1 passwort123 patricia patrick1 patriots peanut123 pepper123 pepsi123 phoenix1 playstation
playstation2 poiuytrewq pokemon1 pokemon123 polska12 polska123 porsche911 prettygirl princess princess1 princess12 princess123
privet123 pumpkin1 q12345678 q123456789 q1q1q1q1 q1w2e3r4 q1w2e3r4t5 qazqazqaz qazwsx123 qazwsxedc qazxswedc qq123456 qwe12345
qwe123qwe qweasd123 qweasdzxc qweqweqwe qwer1234 qwer4321 qwerasdf qwerqwer qwert123 qwert1234 qwert12345 qwerty!1 qwerty00
qwerty01 qwerty1! qwerty11 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwerty21 qwerty22 qwerty69 qwerty77 qwerty78
qwerty88 qwerty99 qwerty@123 qwertyqwerty qwertyui qwertyuio qwertyuiop qwertz123 qwertzui qwertzuiop rainbow1 rainbow123 rangers1
realmadrid richard1 robert123 roblox123 root1234 rootroot russia123 s1234567 samantha samantha1 samsung1 samsung123 savannah
schalke04 schatz123 scorpio1 scorpion sebastian sebastian1 secret12 secret123 senha123 senha1234 september sexy1234 sexygirl
sexylady shadow12 shadow123 sister123 snowball snowflake soccer12 soccer123 softball softball1 soleil123 something sommer123
sommer2024 spiderman spiderman1 spring2020 spring2021 spring2022 spring2023 spring2024 spring2025 spring2026 starwars starwars1
steelers stephanie strawberry summer01 summer12 summer123 summer2020 summer2021 summer2022 summer2023 summer2024 summer2025
summer2026 sunflower sunshine sunshine1 sunshine12 sunshine123 superman superman1 superman123 sweet123 sweetheart sweetheart1
sweetie1 teamo123 teamomucho telegram1 temp1234 temporary temppass tequiero test1234 test12345 test123456 testing1 testing123
testtest testuser thepassword thomas12 thomas123 tinkerbell tinkerbell1 toor1234 topsecret truelove trustno1 twitter123 usa12345
user1234 user12345 useruser valentina veronica victoria victoria1 volleyball wachtwoord wang1234 warcraft warrior1 welcome!
welcome01 welcome1 welcome12 welcome123 welcome1234 welcome2 welkom01 welkom12 welkom123 whatever whatever1 whatsapp william1
windows10 windows123 windows7 winter123 winter2020 winter2021 winter2022 winter2023 winter2024 winter2025 winter2026 woaini123
woaini1314 woaini520 x1234567 xbox3600 yamaha123 yankees1 yourpassword youtube123 z1234567 z123456789 zaq12wsx zaq1xsw2 zaq1zaq1
zhang123 zxc123456 zxcv1234 zxcvbnm, zxcvbnm1 zxcvbnm123 zxcvzxcv zxczxczxc
`;

export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(LIST.split(/\s+/).filter((word) => word !== ''));
