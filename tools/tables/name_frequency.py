#!/usr/bin/env python3
"""Makes src/name/lexicon/data/name_frequency.tsv: how common a word is in names of people at large, in five classes.

usage: pip install faker names anyascii pypinyin; name_frequency.py > src/name/lexicon/data/name_frequency.tsv

The packages change their name lists from version to version, so the words of the result differ somewhat from the
committed table. ANALYSIS_VERSION is raised when it is replaced.

Sources: the name lists by country of Faker (MIT), with their weights; the US Census 1990 frequencies in the
package names (public domain); the lists below, from general knowledge. A token's share in a country is taken as
at most 1 %; shares are summed over countries, and the tokens ranked: the first 90 are class 5, the next 600
class 4, the next 3,000 class 3, the next 12,310 class 2, the rest 1. What stands below is of its class at least.
"""
import collections, importlib, os, pkgutil, re, sys
from anyascii import anyascii
from pypinyin import lazy_pinyin
import faker.providers.person as person
import names as census

AT_LEAST = {
    5: """mohammad mohammed muhammad mohamed mohamad muhammed ahmed ahmad ali hassan hussein abdul abdullah khan singh kumar maria jose
    juan garcia rodriguez gonzalez lopez hernandez martinez perez sanchez carlos luis antonio wang li zhang liu chen yang huang zhao wu
    kim lee park nguyen tran john james david michael robert smith ivan alexander aleksandr sergey vladimir da silva ibrahim omar mehmet
    wei ana anna""",
    4: """hussain husayn hasan hossain hossein ebrahim yusuf yousef yousuf youssef yosef khalid khaled mahmoud mahmud mustafa mostafa osman
    othman uthman umar salem salim saleh salih said saeed sayed syed sayyid seyed karim kareem rahman rehman rahim aziz hamid hamad abdallah
    abdel abd abu jamal kamal nasser nasir tariq tarek waleed walid yasin yassin zaid amir amin hadi mahdi mehdi reza rashid rasheed
    farid farooq faisal fahad ismail ismael jaber jabir jawad javad musa moussa mousa idris ayman anwar akbar asghar iqbal malik nawaz
    shah mirza sharif shareef siddiqui qureshi chaudhry butt sheikh shaikh agha gul jan noor nur wali akhtar aslam bashir habib haider
    hakim hamza imran jafar javed kazem latif majid masood masoud mansour mansoor muhsin munir murad nabil nadeem naser omran qasim qassim
    ramadan riaz sadiq sajjad salman samir shahid sultan taha tahir usman wahid yahya younis yunus zahid zakaria zia fatima fatemeh
    zahra zeinab zainab aisha ayesha khadija mariam maryam amina leila layla nadia samira sara sarah
    sergei sergiy oleksandr alexey aleksey alexei aleksei andrey andrei dmitry dmitri dmitriy mikhail nikolay nikolai igor oleg pavel yury
    yuri yuriy viktor victor anatoly vasily evgeny yevgeny evgeniy konstantin maxim maksim roman denis anton artem kirill boris valery
    vitaly vyacheslav stanislav leonid grigory gennady georgy elena yelena olga tatiana tatyana natalia natalya svetlana irina marina
    ekaterina yekaterina galina lyudmila ludmila valentina nina vera nadezhda yulia julia ivanov petrov smirnov kuznetsov popov volkov
    sokolov mikhailov morozov novikov fedorov kozlov pavlov ivanova petrova ivanovich sergeevich sergeyevich aleksandrovich alexandrovich
    vladimirovich nikolaevich nikolayevich mikhailovich viktorovich victorovich petrovich anatolyevich anatolievich yurievich yuryevich
    alekseevich alekseyevich vasilievich vasilyevich ivanovna sergeevna sergeyevna aleksandrovna vladimirovna nikolaevna nikolayevna
    mikhailovna viktorovna yurievna yuryevna alekseevna anatolyevna
    pedro miguel jorge manuel francisco jesus rafael fernando eduardo ricardo roberto alberto alejandro javier sergio mario enrique oscar
    raul ramon andres diego daniel guillermo hector victor ramirez torres flores rivera gomez diaz reyes morales cruz ortiz gutierrez
    chavez ramos ruiz alvarez mendoza vasquez vazquez castillo jimenez moreno romero herrera medina aguilar garza castro vargas guzman
    mendez munoz salazar soto delgado pena rios rojas fernandez silva santos souza sousa oliveira pereira costa ferreira almeida lima
    carvalho gomes martins araujo ribeiro alves joao paulo marcos lucas gabriel
    zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang deng han feng cao peng zeng xiao tian dong yuan pan yu jiang cai
    jia ding wei xue ye yan du dai xia zhong wang ren lu yao fan fang shi liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao
    meng long wan duan lei qian chan wong cheung lam leung tan lim ng ho hong jian jun jing jie ying yi xin xiang ming hui hua hai guang
    chun bin bo chang cheng hong lan lei ling na ping qiang qing rong rui tao ting wen xiu yong yun zhen zhi
    choi choe jung jeong chung kang cho jo yoon yun jang chang lim shin oh seo kwon hwang ahn an song ryu ri pak hong jon yang jong chol
    sung yong myong kyong un il nam hyok su ok hyon min jin young jae hyun sik ho chun kun
    tanaka suzuki sato takahashi watanabe ito yamamoto nakamura kobayashi kato sharma gupta patel das ram devi lal raj rao reddy verma
    mishra yadav prasad roy sen ghosh hoang pham phan vu vo dang bui do ngo duong ly thi van minh anh hung
    abdi osman mohamud ahmadi hosseini karimi mohammadi rezaei moradi ibrahimi ahmadzai noorzai akhund haqqani hassan abdirahman farah
    william george thomas charles joseph paul peter mark richard steven kevin brian edward ronald anthony jason matthew gary eric stephen
    andrew johnson williams brown jones miller davis wilson anderson taylor moore martin jackson thompson white harris clark lewis walker
    hall allen young king wright scott green baker adams nelson hill campbell mitchell roberts carter phillips evans turner
    jean pierre marie michel philippe hans peter klaus giuseppe giovanni francesco marco rossi muller mueller schmidt schneider
    yilmaz kaya demir celik sahin ozturk arslan mustafa huseyin hasan ayse fatma emre murat""",
    3: """qadir kadir ghani ghafoor jalil khalil halim hanafi haq haqqani haji jamil janan kabir karzai lateef manan mohsen mohsin mullah
    najib najibullah naqib nasrullah obaidullah quddus rauf sabir salam satar sattar sher taj wahab wakil yaqub yaqoub zabihullah zaman
    abbas abbasi adel adil akram alam alavi amiri arif asad asadi ashraf askari atta azimi azizi badr baker bakr bilal dawood daud ehsan
    eid emad fadel fadl fares faris fathi fawzi ghaleb ghulam gholam gholamreza hafiz hajj halabi hamdan hamdi hani harith hashem hashim
    hashemi haydar heidari hilal hisham hosni husseini ihsan imad isa issa izz jaafar jabbar jasim kadhim kassem khatib khalaf latifi
    maher majeed makki masri mazen miqdad mohtashami moin mokhtar mukhtar muqbil muslim mutlaq muthanna nadir naeem naji najjar nazari
    nazir nidal nouri nuri qahtani rafiq raza riyad saad sabah sadeghi safar saif salah saleem sami shaban shafiq shaker shams sharifi
    sohail suleiman sulaiman sulayman suliman tabatabai talal talib tamim turki wael wahidi wazir yaser yasir zadeh zaki zaman zarif zayed
    aleksandra alexandra anastasia daria darya ksenia maria larisa lidia sofia vadim valentin valeriy vladislav yaroslav ruslan timur
    ramil rustam artur eduard filipp gleb ilya lev mark nikita oleh petro rostislav semyon stepan taras vasyl volodymyr mykola mykhailo
    serhii serhiy andrii dmytro viacheslav anatolii evgenii dmitrii iurii yurii vasilii iuliia nataliia olena oksana andreevich andreyevich
    dmitrievich dmitriyevich borisovich olegovich igorevich pavlovich romanovich valentinovich valerievich valeryevich vitalievich
    vyacheslavovich gennadievich gennadyevich evgenievich yevgenyevich leonidovich konstantinovich maksimovich stanislavovich eduardovich
    andreevna andreyevna dmitrievna borisovna olegovna igorevna pavlovna valentinovna valerievna leonidovna gennadievna evgenievna
    myung jun dong hyuk hak hyong in kil kwang kyu man mun ryong sang se song sun tae to u un ung won yol yun yop chin chong chu hwan
    ja jong kum myong nam ok pom pyong rim sok sol sun tu uk ul yon yop"""}

score = collections.Counter()


def tokens(name, lang):
    if lang in ("zh", "ja") and re.search("[\u4e00-\u9fff]", name):
        return ["".join(lazy_pinyin(name)).lower()]
    if re.search("[\u0600-\u06ff]", name):
        return []  # read without vowels; the Latin spellings stand for them
    name = anyascii(re.sub("[’'`ʼ]", "", name)).lower()
    return [t for t in re.split("[^a-z]+", name) if len(t) > 1]


for _, locale, _ in pkgutil.iter_modules(person.__path__):
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    for attribute in dir(provider):
        if not re.match(r"(first|last|middle|patronymic|given|family)_?names?", attribute) or "format" in attribute:
            continue
        value = getattr(provider, attribute)
        if not hasattr(value, "__iter__") or isinstance(value, str):
            continue
        items = dict(value) if isinstance(value, dict) else {v: 1 for v in value}
        total = sum(items.values()) or 1
        for name, weight in items.items():
            # Japanese names come with their kana and their Latin spelling.
            forms = (name[0], name[-1]) if isinstance(name, tuple) else (str(name),)
            for token in {t for form in forms for t in tokens(form, locale[:2])}:
                score[token] += min(weight / total, 0.01)
for kind in ("dist.all.last", "dist.male.first", "dist.female.first"):
    with open(os.path.join(os.path.dirname(census.__file__), kind)) as f:
        for line in f:
            name, percent, *_ = line.split()
            # The table names what is not rare: beyond three in 100,000 a US family name is.
            if float(percent) >= 0.003:
                score[name.lower()] += min(float(percent) / 100, 0.01)

classes = {}
for rank, (token, _) in enumerate(sorted(score.items(), key=lambda x: (-x[1], x[0]))):
    classes[token] = 5 if rank < 90 else 4 if rank < 690 else 3 if rank < 3690 else 2 if rank < 16000 else 1
for least, text in AT_LEAST.items():
    for token in text.split():
        classes[token] = max(classes.get(token, 0), least)
print("# How common a word is in names of people at large, not on any sanctions list.")
print("# Columns: word, class (5 extremely common … 1 known; words that are not listed are rare).")
print("# Source: Faker's name lists (MIT), US Census 1990 frequencies (public domain) and words compiled by hand by the")
print("# authors; made by tools/tables/name_frequency.py.")
for token in sorted(classes):
    print(f"{token}\t{classes[token]}")
