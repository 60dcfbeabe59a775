const toLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

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
  ar: toLines(`
    يرجى توقيع دفتر القراءة هذا المساء.
    لدى ابنتي موعد عند طبيب الأسنان ظهرا.
    نسي علبة طعامه في الحافلة.
    هل يمكنك أن ترسل لي كلمات الإملاء مرة أخرى؟
    سننهي الملصق صباح الغد.
    تأخرت لأن سيارتنا تعطلت.
    تأجل اختبار الرياضيات إلى الأسبوع القادم.
    شكرا على اتصالك بي بهذه السرعة.
    أضعت ورقة الإذن، أنا آسف.
    أي فصل يجب أن نقرأ ليوم الاثنين؟
    تغني الجوقة في المكتبة يوم السبت.
    انكسرت نظارتها، هل يمكنها الجلوس في الأمام؟
    يحتاج الجميع إلى أحذية رياضية غدا.
    أنا قلقة على درجاته في هذا الفصل.
    من يستطيع المساعدة في بيع الكعك؟
  `),
  uk: toLines(`
    Будь ласка, підпишіть щоденник читання сьогодні ввечері.
    У моєї доньки опівдні прийом у стоматолога.
    Він забув коробку з обідом в автобусі.
    Чи можете ще раз надіслати мені слова для диктанту?
    Завтра вранці ми закінчимо плакат.
    Вона запізнилася, бо в нас зламалася машина.
    Контрольну з математики перенесли на наступний тиждень.
    Дякую, що так швидко мені передзвонили.
    Я загубила дозвіл, перепрошую.
    Який розділ треба прочитати на понеділок?
    Хор співає в бібліотеці в суботу.
    Її окуляри розбилися, можна їй сісти попереду?
    Завтра всім потрібне спортивне взуття.
    Мене турбують його оцінки в цій чверті.
    Хто може допомогти з продажем пирогів?
  `),
  ru: toLines(`
    Пожалуйста, подпишите сегодня вечером дневник чтения.
    У моей дочери в полдень приём у зубного врача.
    Он забыл коробку с обедом в автобусе.
    Не могли бы вы ещё раз прислать слова для диктанта?
    Завтра утром мы закончим плакат.
    Она опоздала, потому что у нас сломалась машина.
    Контрольную по математике перенесли на следующую неделю.
    Спасибо, что так быстро мне перезвонили.
    Я потерял разрешение, извините.
    Какую главу нужно прочитать к понедельнику?
    Хор поёт в библиотеке в субботу.
    У неё разбились очки, можно ей сесть впереди?
    Завтра всем нужна спортивная обувь.
    Меня беспокоят его оценки в этой четверти.
    Кто может помочь с продажей пирогов?
  `),
  zh: toLines(`
    请今晚在阅读记录上签名。
    我女儿中午要去看牙医。
    他把饭盒忘在校车上了。
    您能再把听写的词发给我吗？
    我们明天早上把海报做完。
    她迟到了，因为我们的车坏了。
    数学测验改到下周。
    谢谢您这么快给我回电话。
    我把同意书弄丢了，对不起。
    星期一之前要读哪一章？
    合唱团星期六在图书馆唱歌。
    她的眼镜坏了，可以坐前排吗？
    明天大家都要带运动鞋。
    我很担心他这学期的成绩。
    谁可以帮忙卖蛋糕？
  `),
  'zh-TW': toLines(`
    請今晚在閱讀記錄上簽名。
    我女兒中午要去看牙醫。
    他把飯盒忘在校車上了。
    您能再把聽寫的詞發給我嗎？
    我們明天早上把海報做完。
    她遲到了，因為我們的車壞了。
    數學測驗改到下週。
    謝謝您這麼快給我回電話。
    我把同意書弄丟了，對不起。
    星期一之前要讀哪一章？
    合唱團星期六在圖書館唱歌。
    她的眼鏡壞了，可以坐前排嗎？
    明天大家都要帶運動鞋。
    我很擔心他這學期的成績。
    誰可以幫忙賣蛋糕？
  `),
  ko: toLines(`
    오늘 저녁에 독서 기록장에 서명해 주세요.
    우리 딸은 정오에 치과 예약이 있어요.
    아이가 버스에 도시락을 두고 내렸어요.
    받아쓰기 단어를 다시 보내 주시겠어요?
    내일 아침에 포스터를 끝낼 거예요.
    차가 고장 나서 늦었습니다.
    수학 시험이 다음 주로 미뤄졌어요.
    빨리 전화해 주셔서 감사합니다.
    동의서를 잃어버렸어요, 죄송합니다.
    월요일까지 몇 장을 읽어야 하나요?
    합창단이 토요일에 도서관에서 노래합니다.
    안경이 깨졌는데 앞에 앉아도 될까요?
    내일 모두 운동화가 필요해요.
    이번 학기 성적이 걱정돼요.
    누가 빵 판매를 도와줄 수 있나요?
  `),
}
