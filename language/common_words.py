"""By what languages are known that need no words file for it: scripts, letters and commonest words."""

from __future__ import annotations

import re
from collections.abc import Mapping

SCRIPTS = {
    "hebrew": re.compile("[\u05d0-\u05ea]+"),
    "arabic": re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]+"),
    "cyrillic": re.compile("[\u0400-\u052f]+"),
    "greek": re.compile("[\u0370-\u03ff\u1f00-\u1fff]+"),
    "kana": re.compile("[\u3040-\u30ff\uff66-\uff9f]+"),
    "hangul": re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]+"),
    "han": re.compile("[\u4e00-\u9fff\u3400-\u4dbf]+"),
    "thai": re.compile("[\u0e00-\u0e7f]+"),
    "armenian": re.compile("[\u0530-\u058f]+"),
    "georgian": re.compile("[\u10a0-\u10ff]+"),
    "devanagari": re.compile("[\u0900-\u097f]+"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+"),
}
ONE_LANGUAGE = {
    "hebrew": "he",
    "greek": "el",
    "kana": "ja",
    "hangul": "ko",
    "han": "zh",
    "thai": "th",
    "armenian": "hy",
    "georgian": "ka",
    "devanagari": "hi",
}
LETTERS: Mapping[str, Mapping[str, tuple[str, float]]] = {
    "arabic": {"fa": ("پچژگ", 1.0), "ar": ("ةأإؤىَُِّ", 1.0), "ur": ("ٹڈڑےں", 2.0), "ckb": ("ێۆڕڵ", 2.0)},
    "cyrillic": {
        "ru": ("ыэё", 0.5),
        "uk": ("іїєґ", 1.0),
        "be": ("ў", 3.0),
        "sr": ("ђћџљњј", 1.5),
        "bg": ("ъ", 0.5),
    },
    "latin": {
        "de": ("ßäöü", 0.4),
        "fr": ("çèêàùœ", 0.4),
        "es": ("ñ¿¡", 0.6),
        "pt": ("ãõ", 0.8),
        "tr": ("ığş", 1.0),
        "pl": ("łąęśżźćń", 0.8),
        "ro": ("ăâîșțşţ", 0.6),
        "cs": ("ěřůčžšý", 0.6),
        "hu": ("őű", 1.0),
        "sv": ("åäö", 0.3),
        "da": ("æøå", 0.3),
        "no": ("æøå", 0.3),
        "fi": ("äö", 0.2),
    },
}
"""Letters that one language of a script has and its neighbours lack, with their weight."""
COMMON: Mapping[str, Mapping[str, str]] = {
    "arabic": {
        "fa": (
            "از به که را در این با است برای شما تا یک می های ها نیست هستم شده بود نمی ولی چرا خیلی "
            "سلام ممنون متشکرم تشکر لطفا سفارش کنید کرد کردم کرده باشد دارم ندارم هنوز است بسیار خوب "
            "باید اگر هیچ پول روز احترام"
        ),
        "ar": (
            "في من على الى عن ان هذا هذه لم لا التي الذي كان مع لكن انا قد شكرا جزيلا لماذا كيف يوم "
            "بعد قبل كل اي ولم ولا لقد حتى ارجو طلب هل ليس وقد السلام عليكم مرحبا منذ اريد لدي عندي "
            "تم يتم بكم لكم جدا"
        ),
        "ur": "ہے کے کی میں نے سے کو اور نہیں یہ آپ ہیں کا ہوں بہت",
        "ckb": "لە بۆ کە ئەم و بە من نیە هەیە",
    },
    "cyrillic": {
        "ru": (
            "и в не на я что с это как но по за из мне вы меня мы у же уже был так для от "
            "здравствуйте спасибо заказ опять сколько тот через два только еще ещё все всё очень "
            "почему когда где нет да или если бы было были будет мой моя деньги товар телефон после "
            "перестал размер"
        ),
        "uk": (
            "і в не на я що з це як але по за із мені ви мене ми у вже був так для від дякую "
            "замовлення та знову скільки тільки ще все дуже чому коли де немає або якщо було були "
            "буде мій моя гроші товар телефон після перестав розмір досі"
        ),
        "bg": (
            "и в не на аз че с това как но по за от ми вие ме ние у вече беше така сте съм благодаря "
            "поръчка да се още няма кога къде защо много пари"
        ),
        "sr": "и у не на ја што са ово како али по за из ми ви ме је да се сам сте хвала",
        "be": "і ў не на я што з гэта як але па за мне вы мы ужо быў так для ад",
    },
    "latin": {
        "en": (
            "the and to of a is in it you that i was for on are with this have be not my your we me "
            "at has from but they no will please can what when why been would very hello thanks thank "
            "does did still our had which who how there here back never now again"
        ),
        "de": (
            "der die das und ist nicht ich sie zu den mit ein eine es auf für von dem wir mir haben "
            "habe war auch bei noch aber wo wann warum mein meine meinen bleibt wie bitte danke sehr "
            "mich ihr ihre kein keine guten hallo seit gestern heute immer wieder schon jetzt wurde "
            "hat sind sein nach bis über oder wenn dass doch kann ihnen diese dieser am im vom zum "
            "zur nur einen einem einer als was gruß grüße niemand tag abend"
        ),
        "fr": (
            "le la les et est pas je vous de des un une à pour en que qui ce il ne mon ma mes nous "
            "avec sur au du dans mais bonjour merci votre suis été ai très toujours rien cela fait "
            "depuis même être sont était plus aux cette ces leur nos vos si ou où quand comment "
            "pourquoi aucun aucune encore jamais déjà reçu par bonne bonsoir personne"
        ),
        "es": (
            "el la los las y es no de que en un una por para con mi me su se lo al del pero hola "
            "gracias muy más estoy está fue ha he sin como usted ustedes pedido todavía ni nunca nada "
            "ya cuando donde porque desde hasta sus nos este esta ese eso son eres tengo sea también "
            "mis qué cómo cuándo nadie hace buenas buenos tardes noches días"
        ),
        "it": (
            "il lo la gli e è non di che un una per con mi si sono ho del della al ma ciao grazie "
            "molto come questo questa vi anche mio mia stato ordine buongiorno ancora mai più nulla "
            "niente dal alla dalla nel nella delle dei ne ci cosa dove quando perché sia vostro "
            "vostra sul sulla già miei salve fa sta hanno abbiamo perchè dopo senza ogni buonasera "
            "nessuno"
        ),
        "pt": (
            "o a os as e é não de que em um uma por para com meu minha se no na do da mas olá "
            "obrigado obrigada muito foi está estou você vocês ao pedido ainda nunca nada já quando "
            "onde porque até seu sua nos este esta isso nem à às pelo pela dos das foram fui tenho "
            "também meus bom dia sem isto nosso nossa mesmo depois boa noite tarde ninguém faz desde "
            "segunda"
        ),
        "nl": (
            "de het een en is niet ik u van te dat op in voor met mijn we zijn aan er maar heb bij "
            "nog ook hallo bedankt dank wat naar geen bestelling was die dit deze twee hebben kan wil "
            "keer weer steeds nooit niets uw jullie groet zoals graag geld terug waar wanneer hoe "
            "door om uit al mij wordt groeten klopt niemand goedemiddag doet dag"
        ),
        "tr": (
            "ve bir bu için de da ne çok ben siz ile ama değil var yok daha gibi merhaba teşekkürler "
            "teşekkür lütfen benim sipariş olarak kadar neden hâlâ hala şu ki mi mı çünkü geri iki "
            "kez nerede istiyorum bana bize sizin sayın merhabalar"
        ),
        "pl": (
            "i w nie na się z do to jest że jak ale po za co od dla mi mnie jestem dziękuję dzień "
            "dobry proszę zamówienie już czy przez tak tego ten są był była nadal mam pani pan "
            "państwo nic jeszcze też tylko kiedy gdzie dlaczego pozdrawiam ma mój moja moje nikt"
        ),
        "sv": (
            "och att det är jag som en på inte med för av har till ett men om hej tack vi ni mig min "
            "kan beställning vill ha hela tillbaka redan gånger nu fortfarande saknas var vad mycket "
            "bara så från er när varför vart blev fått utan eller efter ingen nej"
        ),
        "da": (
            "og at det er jeg som en på ikke med for af har til et men om hej tak vi mig min kan jer "
            "bestilling have tilbage gange være blev kom hvad noget ingen efter uden penge jeres fået "
            "kære venlig hilsen kun nu hvor hvorfor var der den mangler allerede ligesom stadig nej "
            "åben vil eller købt meget ingenting længe siden igen uger måneder dage når får rykker "
            "goddag venligst siger sket intet besked stykker ankom modtaget leveret desværre hvordan "
            "blevet gjort bruge rigtig forkert"
        ),
        "no": (
            "og at det er jeg som en på ikke med for av har til et men om hei takk vi meg min kan "
            "dere bestilling ha tilbake ganger være ble kom hva noe ingen etter uten penger deres "
            "fått kjære vennlig hilsen bare nå hvor hvorfor var den mangler allerede akkurat fortsatt "
            "nei åpen vil eller kjøpt mye fornøyd slags dette der ingenting lenge siden igjen uker "
            "måneder dager når får purring god sier gjør skjedd beskjed mottatt levert dessverre "
            "hvordan blitt gjort noen frem fram riktig feil"
        ),
        "fi": (
            "ja on ei se en että hän mutta kun niin olen minun kiitos hei oli myös jos tämä tilaus "
            "ovat koko haluan takaisin ole vielä vieläkään kaksi mitä minä sitä tätä tämän vain kuten "
            "miksi missä milloin rahat saanut tuli eikä pyydän terveisin kertaa puuttuu meidän teidän "
            "teille hyvä ollut ettei joka"
        ),
        "ro": (
            "și si de la nu este în in un o cu pe pentru că am mai sunt bună mulțumesc comanda din "
            "care nici până banii înapoi vreau dar sau ce când unde acest această foarte fost ziua "
            "dumneavoastră cum"
        ),
        "cs": (
            "a je se na v že to jsem ne s do jak ale za pro mi děkuji dobrý den prosím objednávka si "
            "bylo díky není jsou byl byla stále pořád mám jen už ještě také kdy kde proč chci zpět "
            "tak jsme mě pozdravem nikdo"
        ),
        "hu": (
            "a az és nem hogy van egy is de ez meg már csak köszönöm jó napot kérem rendelés vagyok "
            "ahogy volt lett kell mert vagy itt ott nincs ezt azt önök sem két kétszer mikor miért "
            "hol vissza üdvözlettel tisztelt amit köszönettel"
        ),
        "id": "yang dan di ini itu tidak saya untuk dengan dari ke anda ada sudah terima kasih pesanan",
    },
}
"""The commonest words of each script's languages."""
SPELT: Mapping[str, tuple[str, ...]] = {
    "da": ("øj", "øb", "åb", "øg", "æg", "ej"),
    "no": ("øy", "øp", "åp", "øk", "kj", "ei"),
}
"""What tells Danish from Norwegian where their common words don't."""
