import type { ConcernKind } from '../report.ts'

const someone = String.raw`(?:my\s+(?:step\s?)?(?:dad|father|mom|mum|mother|brother|sister|uncle|aunt|grandpa|grandfather|cousin|parents|coach|teacher|babysitter)|he|she|they|somebody|someone|a\s+man|mr\.?\s+\w+|mrs?\.?\s+\w+|ms\.?\s+\w+)`
const will = String.raw`(?:i\s+will|i'?ll|i'?m\s+(?:going\s+to|gonna|gunna|about\s+to)|im\s+(?:going\s+to|gonna|gunna|about\s+to)|i\s+am\s+(?:going\s+to|gonna)|i'?ma|ima|we(?:'?re|\s+are)\s+(?:going\s+to|gonna)|we\s+will|we'?ll|i\s+want\s+to|i\s+wanna|gonna)`
const people = String.raw`(?:you|u|ya|him|her|them|everyone|everybody|all\s+of\s+(?:you|them)|(?:the|my|this)\s+(?:whole\s+)?(?:school|class|teacher|principal)|people)`

/**
 * Phrases by which a message raises a concern, over a folded text: lower case, no accents, straight apostrophes. Written by us from general knowledge, in
 * English and Spanish; docs/safety.md says what they miss.
 */
export const concernPhrases: Readonly<Record<ConcernKind, readonly string[]>> = {
  'self-harm': [
    String.raw`(?:kill|killing|killed|hang|hanging|shoot|shooting|drown|drowning)\s+(?:myself|my\s+self)`,
    String.raw`(?:cut|cutting|burn|burning|hurt|hurting|harm|harming|starve|starving)\s+(?:myself|my\s+self)(?!\s+(?:on|with\s+(?:a|the)\s+(?:paper|knife\s+while)|in\s+(?:gym|pe)|playing|cooking))`,
    String.raw`(?:end|ending|take|taking)\s+my\s+(?:own\s+)?life`,
    String.raw`end\s+it\s+all`,
    String.raw`(?:want|wanna|wanted|wish|hope|ready|going|gonna|rather)\s+(?:to\s+|2\s+|i\s+could\s+|i\s+would\s+|i\s+)?(?:just\s+)?die(?!\s+of\s+(?:laughter|laughing|embarrassment|boredom)|\s+laughing)`,
    String.raw`(?:wish|wished)\s+(?:i|that\s+i)\s+(?:was|were|am)\s+(?:dead|never\s+born)`,
    String.raw`(?:wish|wished)\s+(?:i|that\s+i)\s+(?:had\s+never\s+been|was\s+never|were\s+never|wasn'?t|weren'?t)\s+(?:born|alive)`,
    String.raw`better\s+off\s+(?:dead|without\s+me|if\s+i\s+(?:was|were)\s+(?:dead|gone|not\s+here))`,
    String.raw`(?:no|any|a)\s+(?:reason|point)\s+(?:to|in)\s+(?:live|living|be\s+alive|being\s+alive|go\s+on|going\s+on)`,
    String.raw`(?:do\s*n'?t|dont|not)\s+want\s+to\s+(?:live|be\s+alive|be\s+here|exist|wake\s+up)\s*(?:anymore|any\s+more|again|tomorrow)?(?=[.!?,]|\s*$|\s+(?:and|but|because|i))`,
    String.raw`i(?:'m|\s+am|m)?\s+(?:feel(?:ing)?\s+|so\s+|really\s+)*suicidal`,
    String.raw`(?:commit|committing|attempt|attempting|attempted|thinking\s+(?:about|of)|thought\s+(?:about|of)|considering)\s+suicide`,
    String.raw`i\s+(?:self[\s-]?harm|started\s+self[\s-]?harming)`,
    String.raw`(?:take|took|taking|swallow|swallowed)\s+(?:all|a\s+bunch\s+of|too\s+many)\s+(?:of\s+)?(?:my|the|those|these|her|his)?\s*(?:pills|meds|tablets)`,
    String.raw`\bkms\b`,
    String.raw`jump\s+(?:off|from)\s+(?:a|the)\s+(?:bridge|roof|building|window)`,
    String.raw`(?:quiero|quisiera|prefiero|deseo|voy\s+a)\s+(?:morir(?:me)?|matarme|suicidarme|desaparecer\s+para\s+siempre)`,
    String.raw`me\s+(?:quiero|voy\s+a|quisiera)\s+(?:morir|matar|suicidar|cortar\s+las\s+venas|hacer\s+dano)`,
    String.raw`(?:quitarme|acabar\s+con|terminar\s+con)\s+(?:mi|la)\s+vida`,
    String.raw`(?:cortarme|hacerme\s+dano|lastimarme)`,
    String.raw`no\s+(?:quiero|tengo\s+ganas\s+de)\s+(?:vivir|seguir\s+viviendo)`,
    String.raw`ojala\s+(?:estuviera\s+muert[oa]|no\s+hubiera\s+nacido)`,
  ],
  abuse: [
    String.raw`${someone}\s+(?:always\s+|sometimes\s+|keeps?\s+|kept\s+)?(?:hits?|hitting|beats?|beating|beat|punch(?:es|ed|ing)?|kick(?:s|ed|ing)?|chok(?:es|ed|ing)|slap(?:s|ped|ping)?|whip(?:s|ped|ping)?|burn(?:s|ed|ing)?|hurts?|hurting)\s+me(?!\s+(?:at|in|by|to|with\s+(?:a|the)\s+ball|up\s+(?:at|on))\b)`,
    String.raw`${someone}\s+(?:always\s+|sometimes\s+|keeps?\s+|kept\s+)?(?:touch(?:es|ed|ing)?|grab(?:s|bed|bing)?|grop(?:es|ed|ing)|kiss(?:es|ed|ing)|molest(?:s|ed|ing)?|rap(?:es|ed|ing))\s+me`,
    String.raw`touch(?:es|ed|ing)?\s+(?:me|my)\s+(?:down\s+there|private|privates|private\s+parts|where\s+i\s+(?:do\s*n'?t|dont)\s+want|inappropriately)`,
    String.raw`(?:made|makes|making|forced|forces)\s+me\s+(?:touch|undress|strip|take\s+(?:off\s+)?my\s+clothes|do\s+things\s+i)`,
    String.raw`(?:i\s+was|i\s+got|i\s+am\s+being|i'?m\s+being|being|was)\s+(?:raped|molested|sexually\s+abused|abused)(?=[.!?,]|\s*$|\s+(?:by|when|at\s+home))`,
    String.raw`(?:scared|afraid|terrified)\s+(?:to\s+go|of\s+going)\s+home`,
    String.raw`(?:do\s*n'?t|dont|not)\s+(?:feel\s+)?safe\s+(?:at|in\s+my)\s+(?:home|house|my\s+house)`,
    String.raw`(?:lock(?:s|ed)?|locking)\s+me\s+(?:in|up\s+in|out\s+of)\s+(?:the|my|a)\s+(?:room|basement|closet|bathroom|house)`,
    String.raw`(?:wo\s*n'?t|does\s*n'?t|doesnt|do\s*n'?t|dont)\s+(?:let\s+me\s+eat|give\s+me\s+(?:any\s+)?food|feed\s+me)`,
    String.raw`(?:mi|el|la)\s+(?:papa|mama|padre|madre|padrastro|madrastra|tio|tia|hermano|abuelo|primo|maestro|profesor|entrenador)\s+(?:siempre\s+)?me\s+(?:pega|pego|golpea|golpeo|maltrata|toca|toco|viola|violo|quema|lastima)`,
    String.raw`me\s+(?:esta\s+tocando|toco\s+mis\s+partes|violaron|abusaron\s+de\s+mi)|abusa(?:ron|n)?\s+de\s+mi`,
    String.raw`tengo\s+miedo\s+(?:de|a)\s+(?:ir|volver|regresar)\s+a\s+(?:mi\s+)?casa`,
  ],
  threat: [
    String.raw`${will}\s+(?:\w+\s+)?(?:kill|murder|shoot|stab|hurt|strangle|beat\s+up|beat\s+the\s+\w+\s+out\s+of|beat\s+your|jump)\s+${people}\b(?!\s+(?:with\s+kindness|at\s+(?:chess|checkers|basketball|soccer|mario|uno|smash)|an?\s+(?:email|message|text)))`,
    String.raw`(?:shoot|shooting|blow|blowing|bomb|bombing|burn|burning)\s+(?:up\s+|down\s+)?(?:the|this|our|my)\s+school`,
    String.raw`(?:bring|bringing|brought|take|taking|has|have|got|having)\s+(?:a|an|my|his|her|the)\s+(?:\w+\s+)?(?:gun|pistol|rifle|knife|bomb|weapon)\s+(?:to|in|at)\s+(?:the\s+)?(?:school|class)`,
    String.raw`(?:there\s+is|there'?s|put|planted|planting)\s+a\s+bomb`,
    String.raw`(?:go\s+|just\s+|should\s+|please\s+)?(?:kill|hang|shoot)\s+(?:yourself|urself|ur\s+self|your\s+self|yourselves)`,
    String.raw`\bkys\b`,
    String.raw`(?:go|drop|please|just|should|hope\s+you|wish\s+you\s+(?:would|were))\s+(?:die|dead|drop\s+dead)\b(?!\s+of\s+laugh)`,
    String.raw`(?:you'?re|you\s+are|ur|youre)\s+(?:so\s+)?dead\s+(?:after|at|tomorrow|when|meat|if)`,
    String.raw`(?:te|los|las|lo|la)\s+(?:voy|vamos)\s+a\s+(?:matar|golpear|apunalar|disparar|partir\s+la\s+cara)`,
    String.raw`(?:voy|vamos)\s+a\s+(?:matarte|matarlo|matarla|matarlos|traer\s+un\s+(?:arma|cuchillo)|traer\s+una\s+(?:pistola|arma)|disparar|poner\s+una\s+bomba)`,
    String.raw`(?:matate|ojala\s+te\s+mueras|muerete)`,
  ],
  grooming: [
    String.raw`(?:do\s*n'?t|dont|do\s+not|never|better\s+not|can'?t)\s+(?:ever\s+)?tell\s+(?:your|ur)\s+(?:mom|mum|dad|parents|mother|father|family|folks|teacher|teachers)\b(?!\s+(?:about\s+the\s+)?(?:surprise|present|gift))`,
    String.raw`(?:do\s*n'?t|dont|do\s+not|never)\s+tell\s+(?:anyone|anybody|any\s+one)\s+(?:about\s+(?:us|this|our)|we|what\s+(?:we|i))`,
    String.raw`(?:our|my\s+and\s+your)\s+(?:little\s+|special\s+)?secret`,
    String.raw`keep\s+(?:this|it)\s+(?:a\s+secret\s+)?(?:just\s+)?between\s+(?:us|you\s+and\s+me)`,
    String.raw`send\s+(?:me\s+)?(?:a\s+|some\s+|more\s+|another\s+)?(?:sexy\s+|hot\s+|naked\s+|cute\s+)?(?:pic|pics|picture|pictures|photo|photos|selfie|selfies|video|videos)\s+of\s+(?:you\b(?!r)|yourself|ur\s?self|your\s+body)`,
    String.raw`(?:send|want|trade|show\s+me|got\s+any|have\s+any)\s+(?:me\s+)?(?:your\s+|ur\s+|some\s+)?nudes?`,
    String.raw`(?:are|r)\s+(?:you|u)\s+(?:home\s+)?alone(?=[.!?,]|\s*$|\s+(?:right\s+)?now|\s+at\s+home)`,
    String.raw`what\s+(?:are|r)\s+(?:you|u)\s+wearing(?!\s+(?:to|for)\b)`,
    String.raw`(?:so|very|really)\s+mature\s+for\s+(?:your|ur)\s+age`,
    String.raw`(?:do|does|will|can)\s+(?:your|ur)\s+(?:mom|mum|dad|parents|family)\s+(?:check|read|look\s+at|see)\s+(?:your|ur)\s+(?:phone|messages|texts|chat)`,
    String.raw`delete\s+(?:this|these|our|the|all\s+(?:of\s+)?(?:our|these))\s+(?:message|messages|texts|chat|chats|conversation)`,
    String.raw`(?:come|go)\s+(?:over\s+)?to\s+my\s+(?:house|place|apartment|car|home)\s+(?:alone|by\s+yourself|without\s+telling)`,
    String.raw`meet\s+(?:me|up)\s+(?:alone|in\s+secret|secretly|without\s+(?:your|ur)\s+(?:mom|dad|parents))`,
    String.raw`(?:add|text|message|talk\s+to|dm|write)\s+me\s+on\s+(?:snap|snapchat|whatsapp|telegram|kik|discord|instagram|insta)`,
    String.raw`no\s+(?:le|les)\s+(?:digas|cuentes)\s+(?:nada\s+)?a\s+(?:tu|tus)\s+(?:mama|papa|padres|maestra|maestro|familia)`,
    String.raw`(?:nuestro|un)\s+secreto\s+(?:entre\s+(?:tu\s+y\s+yo|nosotros)|nuestro)|(?:es|sera)\s+nuestro\s+(?:pequeno\s+)?secreto`,
    String.raw`(?:mandame|enviame|pasame)\s+(?:una\s+|unas\s+)?(?:foto|fotos|nudes|video)\s*(?:tuyas?|de\s+tu\s+cuerpo|desnud[oa]|sin\s+ropa)?`,
    String.raw`estas\s+sol[oa]\s+en\s+(?:tu\s+)?casa`,
  ],
}
