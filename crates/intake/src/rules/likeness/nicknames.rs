//! Short and pet names that people in the US go by, English and Spanish. All names of a line may be one name; a name may
//! stand in several lines. Folded: small letters without accents.

use std::collections::HashMap;
use std::sync::LazyLock;

const ENGLISH: &str = "
william bill billy will willie liam
robert rob robbie bob bobby bert
richard rick ricky rich richie dick
james jim jimmy jamie
john jon johnny jack
jonathan jon johnny
joseph joe joey jo
michael mike mikey mick
daniel dan danny dani
david dave davey
thomas tom tommy
charles charlie chuck chas
edward ed eddie ted teddy ned
theodore ted teddy theo
anthony tony
andrew andy drew
christopher chris kit topher
christina christine kristina tina chris chrissy
matthew matt matty
nicholas nick nicky
steven stephen steve stevie
benjamin ben benny benji
samuel sam sammy
samantha sam sammy
alexander alex al xander sandy
alexandra alex sandra lexi sandy
gregory greg
jeffrey geoffrey jeff geoff
kenneth ken kenny
lawrence laurence larry
leonard len lenny leo
patrick pat paddy
patricia pat patty trish tricia
philip phillip phil
raymond ray
ronald ron ronnie
timothy tim timmy
vincent vince vinny
walter walt wally
zachary zach zack zac
nathaniel nathan nate nat
gerald jerry gerry
jerome jerry
henry hank harry hal
harold harry hal
frederick fred freddie
francis frank frankie fran
eugene gene
donald don donnie
douglas doug
arthur art artie
albert al bert
peter pete
joshua josh
jacob jake
elizabeth liz lizzie beth betty eliza libby lisa
margaret maggie meg peggy marge greta
katherine catherine kathryn katharine kate katie kathy cathy kat kay
mary molly polly
jennifer jen jenny jenn
jessica jess jessie
rebecca becky becca
deborah debra deb debbie
barbara barb barbie
susan sue susie suzy
sarah sally
dorothy dot dottie dolly
virginia ginny
victoria vicky tori
veronica ronnie roni vero
stephanie steph
theresa teresa terry tess tessa
cynthia cindy
pamela pam
kimberly kim
amanda mandy
abigail abby
eleanor ellie nell nora
helen nell ellie
isabella bella izzy
jacqueline jackie
josephine jo josie
judith judy
natalie nat
";

const SPANISH: &str = "
jose pepe chepe pepito
josefa josefina pepa fina
francisco paco pancho frank kiko curro
francisca paca pancha paquita
ignacio nacho
jesus chuy chucho
guadalupe lupe lupita
dolores lola loli
concepcion concha conchita
rosario charo chayo
eduardo lalo edu eddie
enrique quique kike
alejandro alex jandro ale
alejandra alex ale
alberto beto
roberto beto rob tito
gilberto beto
manuel manolo manny manu
antonio tono tony
guillermo memo guille
rafael rafa
ramon moncho
santiago santi chago
vicente chente
graciela chela
gabriel gabe gabi
gabriela gabi gaby
maria mari mary marita
rosa rosita
teresa tere teresita
mercedes meche merche
isabel chabela isa
ana anna ann annie anita
carlos carlitos charlie
luis lucho luisito
miguel mike migue
javier javi xavier
fernando fer nando
fernanda fer
ricardo ricky rick
salvador chava
sebastian seba
sergio checo
pedro perico pedrito
juan juanito
leonardo leo
";

fn lines() -> impl Iterator<Item = &'static str> {
    ENGLISH.lines().chain(SPANISH.lines())
}

/// The lines in which a name stands: a common name is compared with thousands.
static PLACES: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, line) in lines().enumerate() {
        for name in line.split_whitespace() {
            places.entry(name).or_default().push(at);
        }
    }
    places
});

fn places(name: &str) -> &'static [usize] {
    PLACES.get(name).map_or(&[], Vec::as_slice)
}

/// Whether one of these words may be said for the other.
pub(super) fn are_one(a: &str, b: &str) -> bool {
    places(a).iter().any(|at| places(b).contains(at))
}

/// What else someone may be called.
pub(super) fn others(word: &str) -> impl Iterator<Item = &'static str> {
    let these = places(word).iter().filter_map(|at| lines().nth(*at));
    these.flat_map(str::split_whitespace).filter(move |other| *other != word)
}
