//! What visitors read, in Spanish: the English words of the pages beside ours. Plain words, the respectful form, and the
//! same meaning in what is urgent. A clinician who speaks Spanish looks over the lines about danger before a center uses
//! them (domain reference, chapter 6: crisis text is never translated without review).

use std::collections::HashMap;
use std::sync::LazyLock;

/// The Spanish of English words.
pub(super) fn of(english: &str) -> Option<&'static str> {
    static WORDS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        [EVERY_PAGE, DANGER, FORM, CHECKED, DONE, WRONG].into_iter().flatten().copied().collect()
    });
    WORDS.get(english).copied()
}

type Words = &'static [(&'static str, &'static str)];

const EVERY_PAGE: Words = &[
    ("Leave this page", "Salir de esta página"),
    ("Skip to the content", "Ir al contenido"),
    ("In danger right now?", "¿Hay peligro ahora mismo?"),
    ("Call 911", "Llame al 911"),
    ("Thoughts of ending your life?", "¿Piensa en quitarse la vida?"),
    ("Call or text 988", "Llame al 988 y marque 2, o envíe AYUDA al 988"),
    ("any hour, free.", "a cualquier hora, gratis."),
    ("Back", "Atrás"),
    ("Continue", "Seguir"),
    ("Talk to us", "Hable con nosotros"),
    ("How can we help?", "¿Cómo podemos ayudarle?"),
    (
        "Talk to a person about what is going on. You do not need to give your name.",
        "Hable con una persona sobre lo que pasa. No tiene que dar su nombre.",
    ),
    ("Ask for a call", "Pedir una llamada"),
    ("Staff sign in", "Entrada del personal"),
    ("Do you work with people who need help?", "¿Trabaja con personas que necesitan ayuda?"),
    ("Send someone to us", "Envíenos a alguien"),
    (
        "You can ask for yourself or for someone else. You do not have to give your name. Only one way to reach you is needed.",
        "Puede pedirla para usted o para otra persona. No tiene que dar su nombre. Basta una manera de contactarle.",
    ),
    ("A person reads what you write, not a machine.", "Una persona lee lo que escribe, no una máquina."),
    ("We call within the hours you choose.", "Llamamos en las horas que usted elija."),
    ("You can say no to anything, at any time.", "Puede decir que no a todo, en cualquier momento."),
    ("If someone may see your screen", "Si alguien puede ver su pantalla"),
    (
        "is at the top of every page. It opens a weather page and throws away what you typed. Pressing Shift three times does the same. It cannot clear your browser’s history.",
        "está arriba en cada página. Abre una página del clima y borra lo que escribió. Pulsar Mayúsculas tres veces hace lo mismo. No puede borrar el historial de su navegador.",
    ),
    ("Start", "Empezar"),
    ("Would you rather talk now?", "¿Prefiere hablar ahora?"),
    ("To talk to someone now:", "Para hablar con alguien ahora:"),
    ("Our number:", "Nuestro número:"),
    ("Someone answers now.", "Alguien contesta ahora."),
    ("Nobody answers here right now.", "Ahora no hay nadie al teléfono."),
    ("Wait a little", "Espere un poco"),
    (
        "Many answers came from your connection within the hour. Try again later. In an emergency call 911. Call or text 988 to talk with someone at any hour.",
        "Llegaron muchas respuestas de su conexión en esta hora. Inténtelo más tarde. En una emergencia llame al 911. Llame al 988 y marque 2, o envíe AYUDA al 988, para hablar con alguien a cualquier hora.",
    ),
    ("Send the form again", "Envíe el formulario otra vez"),
    (
        "This form was open too long or came from somewhere else. Go back, reload the page and send it again.",
        "Este formulario estuvo abierto demasiado tiempo o vino de otro lugar. Vuelva atrás, cargue la página otra vez y envíelo de nuevo.",
    ),
    ("Start again", "Empezar otra vez"),
    ("There is no such page", "Esta página no existe"),
    ("It may have moved, or it is not yours to see.", "Puede haber cambiado de lugar, o no es para usted."),
    ("Very busy right now", "Hay mucha actividad ahora"),
    (
        "Nothing was lost that said Saved. Try again in a moment.",
        "No se perdió nada de lo guardado. Inténtelo en un momento.",
    ),
    ("Sorry, there is a problem with the service", "Lo sentimos, hay un problema con el servicio"),
    ("If you call us about this, say this number:", "Si nos llama por esto, diga este número:"),
    (
        "What you typed was not saved. Go back, keep a copy of it, and try again.",
        "Lo que escribió no se guardó. Vuelva atrás, guarde una copia e inténtelo otra vez.",
    ),
];

const DANGER: Words = &[
    ("Is anyone in danger right now?", "¿Hay alguien en peligro ahora mismo?"),
    (
        "Someone who will not wake up, cannot breathe well, has a seizure, is hurt, or may hurt themselves",
        "Alguien que no despierta, no respira bien, tiene una convulsión, está herido o puede hacerse daño",
    ),
    ("Yes", "Sí"),
    ("No", "No"),
    ("I’m not sure", "No sé"),
    ("Not sure", "No sé"),
    ("Help right now", "Ayuda ahora mismo"),
    ("Someone may be in danger. Please call now.", "Alguien puede estar en peligro. Llame ahora."),
    (
        "These people answer every hour of every day. You do not have to give your name.",
        "Estas personas contestan a toda hora, todos los días. No tiene que dar su nombre.",
    ),
    (
        "Someone will not wake up, cannot breathe, has a seizure, or may be hurt",
        "Alguien no despierta, no puede respirar, tiene una convulsión o puede estar herido",
    ),
    ("Say where you are first", "Diga primero dónde está"),
    (
        "Thoughts of ending your life, or you need to talk to someone now",
        "Piensa en quitarse la vida, o necesita hablar con alguien ahora",
    ),
    ("Call 988", "Llame al 988"),
    ("Or text 988. For Spanish, press 2", "Para español, marque 2, o envíe AYUDA al 988"),
    ("If it may be an overdose", "Si puede ser una sobredosis"),
    (
        "Call 911. Say “not breathing well” and where you are.",
        "Llame al 911. Diga “no respira bien” y dónde está.",
    ),
    (
        "Give naloxone if you have it. Give it again after 2 to 3 minutes.",
        "Dé naloxona si la tiene. Dela otra vez después de 2 a 3 minutos.",
    ),
    (
        "Breathe for them if you can. Lay them on their side.",
        "Dele respiración de boca a boca si puede. Acueste a la persona de lado.",
    ),
    (
        "Stay. Naloxone wears off before some drugs do.",
        "Quédese. El efecto de la naloxona pasa antes que el de algunas drogas.",
    ),
    ("If drinking or pills stopped suddenly", "Si dejó de golpe el alcohol o las pastillas"),
    (
        "Shaking, fever, confusion or seeing things can turn dangerous within hours. Do not wait for our call. Go to an emergency room, and do not drive yourself.",
        "Temblar, tener fiebre, estar confundido o ver cosas puede volverse peligroso en pocas horas. No espere nuestra llamada. Vaya a una sala de emergencias, y no maneje usted.",
    ),
    (
        "You can go on when you are ready, also when it is not safe yet. What you have written is still here.",
        "Puede seguir cuando quiera, también si todavía hay peligro. Lo que escribió sigue aquí.",
    ),
    ("Go on with the form", "Seguir con el formulario"),
];

const FORM: Words = &[
    ("A few more questions", "Unas preguntas más"),
    ("You can leave out any of them.", "Puede dejar cualquiera sin contestar."),
    ("Write less here, up to 200 characters", "Escriba menos aquí, hasta 200 caracteres"),
    ("Who is this for?", "¿Para quién es?"),
    ("For me", "Para mí"),
    ("For someone in my family", "Para alguien de mi familia"),
    ("For a friend", "Para un amigo o una amiga"),
    ("For someone I work with or care for", "Para alguien con quien trabajo o a quien cuido"),
    (
        "If it is for someone else, these two help us. You can leave them out.",
        "Si es para otra persona, estas dos respuestas nos ayudan. Puede dejarlas vacías.",
    ),
    ("You are their (optional)", "Usted es su (opcional)"),
    ("Like sister, friend or doctor", "Como hermana, amigo o doctora"),
    ("Their name (optional)", "El nombre de esa persona (opcional)"),
    ("What should we call you?", "¿Cómo quiere que le llamemos?"),
    (
        "A first name or any name is fine. You can leave it out",
        "Basta un nombre, cualquiera. Puede dejarlo vacío",
    ),
    ("How can we reach you?", "¿Cómo podemos contactarle?"),
    ("One of the two is enough.", "Basta una de las dos."),
    ("Phone number", "Número de teléfono"),
    (
        "Any way of writing it is fine. We call from a withheld number",
        "Escríbalo como quiera. Llamamos desde un número oculto",
    ),
    ("When may we call?", "¿Cuándo podemos llamar?"),
    ("Any time", "A cualquier hora"),
    ("Only at certain hours", "Solo a ciertas horas"),
    ("Choose them below", "Elíjalas abajo"),
    ("Do not call me", "No me llamen"),
    ("Then give an e-mail address", "Entonces dé un correo electrónico"),
    ("The hours (optional)", "Las horas (opcional)"),
    (
        "You said someone is in danger. May we call outside these hours?",
        "Dijo que alguien está en peligro. ¿Podemos llamar fuera de estas horas?",
    ),
    (
        "Only if you chose hours above. We call outside of them only while someone may be in danger",
        "Solo si eligió horas arriba. Llamamos fuera de ellas solo mientras alguien pueda estar en peligro",
    ),
    ("Yes, while someone may be in danger", "Sí, mientras alguien pueda estar en peligro"),
    ("No, only in these hours", "No, solo en estas horas"),
    ("Calls outside these hours", "Llamadas fuera de estas horas"),
    ("From", "De"),
    ("until", "a"),
    ("Choose", "Elija"),
    ("Monday to Friday only", "Solo de lunes a viernes"),
    ("noon", "mediodía"),
    ("midnight", "medianoche"),
    ("E-mail address", "Correo electrónico"),
    ("May we write to that address?", "¿Podemos escribir a ese correo?"),
    (
        "Other people who use your phone or computer may see it. We keep it short and never say what it is about",
        "Otras personas que usan su teléfono o computadora pueden verlo. Es breve y nunca dice de qué se trata",
    ),
    ("Why we ask", "Por qué preguntamos"),
    (
        "Phones are shared, and not everyone at home may be safe to tell. The person who calls you sees your answer before they can dial.",
        "Los teléfonos se comparten, y quizá no todos en casa deban saberlo. La persona que le llama ve su respuesta antes de marcar.",
    ),
    ("What may we say if someone else answers?", "¿Qué podemos decir si contesta otra persona?"),
    (
        "We call from a withheld number and never say where we are calling from",
        "Llamamos desde un número oculto y nunca decimos de dónde llamamos",
    ),
    ("Ask for me by name", "Pregunten por mí por mi nombre"),
    ("“Hi, is Jo there? It’s Sam.” Nothing else", "“Hola, ¿está Jo? Soy Sam.” Nada más"),
    ("Hang up and try again later", "Cuelguen e intenten más tarde"),
    ("We will hang up, and ask you when we reach you", "Vamos a colgar, y le preguntamos cuando hablemos"),
    ("May we leave a message?", "¿Podemos dejar un mensaje?"),
    ("Yes: a first name and a number", "Sí: un nombre y un número"),
    ("“Hi, this is Sam for Jo. My number is …”", "“Hola, soy Sam, para Jo. Mi número es …”"),
    ("What would help?", "¿Qué le ayudaría?"),
    (
        "As much or as little as you like, in your own words. You can leave it out",
        "Mucho o poco, con sus propias palabras. Puede dejarlo vacío",
    ),
];

const CHECKED: Words = &[
    ("Check your answers", "Revise sus respuestas"),
    ("Check your answers before you send them", "Revise sus respuestas antes de enviarlas"),
    ("Press Send once more", "Pulse Enviar una vez más"),
    (
        "It went so fast that we want to be sure you are a person. Nothing you wrote is lost.",
        "Fue tan rápido que queremos saber que usted es una persona. No se perdió nada.",
    ),
    ("In danger right now", "En peligro ahora"),
    ("Not asked", "Sin respuesta"),
    ("Who this is for", "Para quién es"),
    ("For themselves", "Para mí"),
    ("For someone in the family", "Para alguien de mi familia"),
    ("For someone in their care", "Para alguien a quien cuido"),
    ("Not said", "Sin decir"),
    ("You are their", "Usted es su"),
    ("Their name", "El nombre de esa persona"),
    ("What we call you", "Cómo le llamamos"),
    ("When we may call", "Cuándo podemos llamar"),
    ("If someone else answers", "Si contesta otra persona"),
    ("Ask for me by name, say nothing else", "Pregunten por mi nombre, nada más"),
    ("Voicemail", "Mensaje de voz"),
    ("a first name and a number", "un nombre y un número"),
    ("never", "nunca"),
    ("not asked yet", "sin respuesta"),
    ("Not asked yet", "Sin respuesta"),
    ("What would help", "Qué le ayudaría"),
    ("Not provided", "Sin respuesta"),
    ("Change", "Cambiar"),
    ("What happens when you send this", "Qué pasa cuando lo envía"),
    (
        "A person reads it, not a machine. They call or write only as you allowed. You can still say no to anything.",
        "Una persona lo lee, no una máquina. Le llama o le escribe solo como usted lo permitió. Todavía puede decir que no a todo.",
    ),
    ("Leave this empty", "Deje esto vacío"),
    ("Send your request", "Enviar"),
];

const DONE: Words = &[
    ("We have your note", "Tenemos su mensaje"),
    ("That was a hard thing to write.", "No fue fácil escribirlo."),
    ("What happens next", "Qué pasa ahora"),
    ("Now", "Ahora"),
    (
        "Your note is with our team. Nobody else can read it.",
        "Su mensaje está con nuestro equipo. Nadie más puede leerlo.",
    ),
    ("Someone calls you from a withheld number.", "Alguien le llama desde un número oculto."),
    (
        "If someone else answers we ask for you by name, and say nothing else.",
        "Si contesta otra persona, preguntamos por usted por su nombre y no decimos nada más.",
    ),
    ("If someone else answers we hang up.", "Si contesta otra persona, colgamos."),
    (
        "Someone writes to you. The message says nothing about what you wrote.",
        "Alguien le escribe. El mensaje no dice nada de lo que usted escribió.",
    ),
    ("Within a day of that", "Un día después, o antes"),
    (
        "We offer a time to meet, or someone better placed to help.",
        "Le ofrecemos una cita, o alguien que pueda ayudarle mejor.",
    ),
    ("If you would rather not wait", "Si prefiere no esperar"),
    ("Call us:", "Llámenos:"),
    ("When you call us, say your reference:", "Cuando nos llame, diga su referencia:"),
    ("Please do not wait for our call.", "Por favor, no espere nuestra llamada."),
    (
        "If someone may be in danger, call now. These people answer every hour of every day.",
        "Si alguien puede estar en peligro, llame ahora. Estas personas contestan a toda hora, todos los días.",
    ),
    (
        "In the hours you chose, as soon as someone is here",
        "En las horas que usted eligió, en cuanto haya alguien aquí",
    ),
    ("Would you rather not get these?", "¿Prefiere no recibir estos mensajes?"),
    (
        "One press, and we stop writing to this address. Calls and anything else you agreed to stay as they are.",
        "Pulse una vez, y dejamos de escribir a este correo. Las llamadas y lo demás que aceptó siguen igual.",
    ),
    ("Stop the messages", "Parar los mensajes"),
    ("Stopped", "Listo"),
    ("Stopped. We do not write to this address any more.", "Listo. Ya no escribimos a este correo."),
    (
        "It takes effect now. If you change your mind, or just want to talk, call us:",
        "Vale desde ahora. Si cambia de idea, o solo quiere hablar, llámenos:",
    ),
];

const WRONG: Words = &[
    ("This address does not take that", "Esta dirección no acepta eso"),
    (
        "Go back, open the page anew and try again from there.",
        "Vuelva atrás, abra la página de nuevo e inténtelo otra vez desde ahí.",
    ),
    ("This is too large", "Esto es demasiado grande"),
    ("Go back and shorten the answers.", "Vuelva atrás y acorte las respuestas."),
    ("We cannot save anything right now", "Ahora mismo no podemos guardar nada"),
    ("We cannot reach our records right now", "Ahora mismo no podemos abrir nuestros registros"),
    (
        "Nothing was saved just now. What was saved before is safe. Try again in a few minutes.",
        "Esta vez no se guardó nada. Lo que ya se guardó está seguro. Inténtelo otra vez en unos minutos.",
    ),
    ("We do not know if this was saved", "No sabemos si esto se guardó"),
    (
        "Our records stopped answering while you sent it. Wait a minute. Look if it is there, or send it again.",
        "El sistema dejó de responder mientras usted lo enviaba. Espere un minuto. Mire si está, o envíelo otra vez.",
    ),
    ("You can call us:", "Puede llamarnos:"),
    ("What you typed is still on this page.", "Lo que escribió sigue en esta página."),
    ("Send it again", "Enviar otra vez"),
    ("There is a problem", "Hay un problema"),
    ("Enter a shorter name, up to 120 characters", "Escriba un nombre más corto, de hasta 120 letras"),
    (
        "Enter a phone number with all its digits, like 212 555 0142",
        "Escriba un teléfono con todos sus números, como 212 555 0142",
    ),
    ("Enter an e-mail address like name@example.com", "Escriba un correo como nombre@example.com"),
    (
        "Write less here, up to 4,000 characters; there is time to talk",
        "Escriba menos aquí, hasta 4,000 letras; habrá tiempo para hablar",
    ),
    ("Enter a shorter word, like sister", "Escriba una palabra más corta, como hermana"),
    (
        "Enter a phone number or an e-mail address, so that we can answer",
        "Escriba un teléfono o un correo, para que podamos contestar",
    ),
    (
        "Choose yes, no or not sure, so that we know if someone needs help now",
        "Elija sí, no o no sé, para saber si alguien necesita ayuda ahora",
    ),
    ("Choose whether we may call outside these hours", "Elija si podemos llamar fuera de estas horas"),
    ("Choose from when until when we may call", "Elija de qué hora a qué hora podemos llamar"),
];
