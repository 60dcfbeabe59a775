import { otherScriptSentences } from './otherScriptSentences.ts'
import { toLines } from './toLines.ts'

/** What teachers, students and guardians write to each other, by the provider's code of the language that it is in. By us; for the test of `detectLanguage`. */
export const schoolSentences: Readonly<Record<string, readonly string[]>> = {
  en: toLines(`
    Please sign the reading log tonight.
    My daughter has a dentist appointment at noon.
    He forgot his lunch box on the bus.
    Could you send me the spelling words again?
    We will finish the poster tomorrow morning.
    She was late because our car broke down.
    The math quiz is moved to next week.
    Thanks for calling me back so quickly.
    I lost the permission slip, sorry.
    Which chapter should we read for Monday?
    The choir sings at the library on Saturday.
    Her glasses are broken, may she sit in front?
    Everybody needs gym shoes tomorrow.
    I am worried about his grades this term.
    Who can help at the bake sale?
  `),
  es: toLines(`
    Por favor firme el cuaderno de lectura esta noche.
    Mi hija tiene cita con el dentista al mediodía.
    Se le olvidó la lonchera en el autobús.
    ¿Me puede mandar otra vez las palabras de ortografía?
    Mañana terminamos el cartel en clase.
    Llegó tarde porque se nos descompuso el carro.
    El examen de matemáticas pasa a la próxima semana.
    Gracias por devolverme la llamada tan rápido.
    Perdí el permiso, lo siento mucho.
    ¿Qué capítulo hay que leer para el lunes?
    El coro canta el sábado en la biblioteca.
    Se le rompieron los lentes, ¿puede sentarse adelante?
    Todos necesitan zapatos deportivos mañana.
    Estoy preocupada por sus notas de este trimestre.
    ¿Quién puede ayudar con la venta de pasteles?
  `),
  pt: toLines(`
    Por favor, assine o caderno de leitura hoje à noite.
    Minha filha tem consulta no dentista ao meio-dia.
    Ele esqueceu a lancheira no ônibus.
    Você pode me mandar de novo as palavras do ditado?
    Amanhã cedo vamos terminar o cartaz.
    Ela chegou atrasada porque o nosso carro quebrou.
    A prova de matemática ficou para a semana que vem.
    Obrigado por me ligar de volta tão rápido.
    Perdi a autorização, desculpe.
    Qual capítulo temos que ler para segunda-feira?
    O coral vai cantar na biblioteca no sábado.
    Os óculos dela quebraram, ela pode sentar na frente?
    Todos precisam de tênis amanhã.
    Estou preocupada com as notas dele neste bimestre.
    Quem pode ajudar na venda de bolos?
  `),
  fr: toLines(`
    Merci de signer le carnet de lecture ce soir.
    Ma fille a rendez-vous chez le dentiste à midi.
    Il a oublié son goûter dans le bus.
    Pouvez-vous me renvoyer les mots de la dictée ?
    Nous finirons l’affiche demain matin.
    Elle est arrivée en retard, notre voiture est en panne.
    Le contrôle de maths est reporté à la semaine prochaine.
    Merci de m’avoir rappelé si vite.
    J’ai perdu l’autorisation, je suis désolé.
    Quel chapitre faut-il lire pour lundi ?
    La chorale chante samedi à la bibliothèque.
    Ses lunettes sont cassées, peut-elle s’asseoir devant ?
    Tout le monde a besoin de baskets demain.
    Je m’inquiète pour ses notes ce trimestre.
    Qui peut aider à la vente de gâteaux ?
  `),
  ht: toLines(`
    Tanpri siyen kaye lekti a aswè a.
    Pitit fi mwen an gen randevou kay dantis a midi.
    Li bliye bwat manje li nan bis la.
    Èske ou ka voye mo yo ban mwen ankò?
    N ap fini afich la demen maten.
    Li te an reta paske machin nou an te an pàn.
    Egzamen matematik la ap fèt semèn pwochèn.
    Mèsi paske ou te rele m byen vit.
    Mwen pèdi papye pèmisyon an, eskize m.
    Ki chapit pou nou li pou lendi?
    Timoun yo pral chante nan bibliyotèk la samdi.
    Linèt li kase, èske li ka chita devan?
    Tout moun bezwen soulye espò demen.
    Mwen enkyete pou nòt li yo nan trimès sa a.
    Kiyès ki ka ede nou vann gato yo?
  `),
  so: toLines(`
    Fadlan caawa saxiix buugga akhriska.
    Gabadhaydu waxay leedahay ballan dhakhtarka ilkaha duhurkii.
    Wuxuu sanduuqa qadada kaga tagay baska.
    Ma ii soo diri kartaa erayada mar kale?
    Berri subax ayaan dhammayn doonnaa boorka.
    Way soo daahday sababtoo ah gaarigeennu wuu xumaaday.
    Imtixaanka xisaabta waxaa loo wareejiyay toddobaadka soo socda.
    Waad ku mahadsan tahay inaad degdeg ii soo wacday.
    Waan lumiyay warqadda ogolaanshaha, raalli ahow.
    Cutubkee ayaan akhrinnaa maalinta Isniinta?
    Carruurtu waxay ku heesi doonaan maktabadda Sabtida.
    Muraayadaheedii way jabeen, ma fariisan kartaa hore?
    Qof walba wuxuu berri u baahan yahay kabo ciyaareed.
    Waxaan ka walwalsanahay dhibcihiisa xilligan.
    Yaa naga caawin kara iibinta keegga?
  `),
  vi: toLines(`
    Xin vui lòng ký vào sổ đọc sách tối nay.
    Con gái tôi có hẹn nha sĩ vào buổi trưa.
    Cháu để quên hộp cơm trên xe buýt.
    Cô gửi lại cho tôi các từ chính tả được không?
    Sáng mai chúng ta sẽ làm xong tấm áp phích.
    Cháu đến muộn vì xe nhà tôi bị hỏng.
    Bài kiểm tra toán dời sang tuần sau.
    Cảm ơn thầy đã gọi lại cho tôi rất nhanh.
    Tôi làm mất giấy phép rồi, xin lỗi cô.
    Thứ hai phải đọc chương nào ạ?
    Ban hợp xướng hát ở thư viện vào thứ bảy.
    Kính của cháu bị gãy, cháu ngồi bàn đầu được không?
    Ngày mai ai cũng cần mang giày thể thao.
    Tôi lo về điểm số của cháu học kỳ này.
    Ai có thể giúp bán bánh?
  `),
  tl: toLines(`
    Pakipirmahan po ang talaan ng pagbabasa mamayang gabi.
    May tipan sa dentista ang anak kong babae sa tanghali.
    Naiwan niya ang baunan niya sa bus.
    Puwede po bang ipadala ulit ang mga salita?
    Tatapusin natin ang poster bukas ng umaga.
    Nahuli siya dahil nasira ang sasakyan namin.
    Inilipat sa susunod na linggo ang pagsusulit sa matematika.
    Salamat po at tinawagan ninyo ako agad.
    Nawala ko po ang papel ng pahintulot, pasensya na.
    Aling kabanata ang babasahin namin para sa Lunes?
    Aawit ang koro sa aklatan sa Sabado.
    Nabasag ang salamin niya, puwede ba siyang umupo sa harap?
    Kailangan ng lahat ng sapatos na panlaro bukas.
    Nag-aalala ako sa mga marka niya ngayong termino.
    Sino ang makakatulong sa pagtitinda ng keyk?
  `),
  de: toLines(`
    Bitte unterschreiben Sie heute Abend das Leseheft.
    Meine Tochter hat mittags einen Termin beim Zahnarzt.
    Er hat seine Brotdose im Bus vergessen.
    Können Sie mir die Lernwörter noch einmal schicken?
    Wir machen das Plakat morgen früh fertig.
    Sie kam zu spät, weil unser Auto kaputt ist.
    Der Mathetest ist auf nächste Woche verschoben.
    Danke, dass Sie so schnell zurückgerufen haben.
    Ich habe den Zettel verloren, tut mir leid.
    Welches Kapitel sollen wir bis Montag lesen?
    Der Chor singt am Samstag in der Bücherei.
    Ihre Brille ist zerbrochen, darf sie vorne sitzen?
    Morgen brauchen alle ihre Turnschuhe.
    Ich mache mir Sorgen um seine Noten.
    Wer kann beim Kuchenverkauf helfen?
  `),
  pl: toLines(`
    Proszę dziś wieczorem podpisać dzienniczek lektur.
    Moja córka ma w południe wizytę u dentysty.
    Zostawił śniadaniówkę w autobusie.
    Czy może mi pani jeszcze raz wysłać słówka?
    Jutro rano skończymy plakat.
    Spóźniła się, bo zepsuł nam się samochód.
    Sprawdzian z matematyki przełożono na przyszły tydzień.
    Dziękuję, że pan tak szybko oddzwonił.
    Zgubiłam zgodę na wycieczkę, przepraszam.
    Który rozdział mamy przeczytać na poniedziałek?
    Chór śpiewa w sobotę w bibliotece.
    Stłukły się jej okulary, czy może siedzieć z przodu?
    Jutro wszyscy potrzebują butów na wuef.
    Martwię się o jego oceny w tym semestrze.
    Kto może pomóc przy sprzedaży ciasta?
  `),
  ...otherScriptSentences,
}
