/// The commonest passwords, as people build them: a word from a short list followed by a usual ending (well over a
/// thousand together), and the keyboard walks. Only those that the other rules would let through are worth keeping, so
/// every one has a digit and at least eight characters.
package enum CommonPasswords {
    /// Whether `password`, in any spelling of upper and lower case, is one of them.
    package static func contains(_ password: String) -> Bool {
        let lower = password.lowercased()
        if walks.contains(lower[...]) { return true }
        let word = lower.prefix { !endingStart.contains($0) }
        return words.contains(word) && endings.contains(lower[word.endIndex...])
    }

    private static let endingStart: Set<Character> = Set("0123456789!@#$*.")

    private static let endings = set(
        """
        0 00 01 007 1 1! 10 11 111 12 12! 123 123! 1234 1234! 12345 123456 1234567 12345678 123456789 13 2 21 22 23 3 321 \
        69 7 77 777 8 88 9 99 2000 2020 2021 2022 2023 2024 2025 2026 @1 @12 @123 @1234 @2024 @2025 #1 #123 !1 !123
        """)

    private static let words = set(
        """
        password passwort passw pass qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm iloveyou welcome \
        letmein monkey dragon master superman batman spiderman football baseball basketball hockey soccer liverpool chelsea \
        arsenal barcelona juventus realmadrid michael michelle jessica jennifer jordan ashley nicole daniel andrew joshua \
        charlie thomas robert matthew anthony william alexander alexandra natasha samantha amanda hannah princess sunshine \
        shadow summer winter autumn spring flower butterfly chocolate cookie banana orange purple silver golden diamond \
        rainbow starwars pokemon naruto matrix computer internet samsung google facebook hello helloworld secret killer \
        hunter ranger buster tigger ginger pepper harley mustang ferrari porsche corvette mercedes yamaha phoenix trustno \
        whatever freedom forever loveme lovely babygirl blessed jesus jesuschrist heaven angel angels lucky merlin \
        maggie bailey changeme default guest root administrator admin administrador abc abcd abcde abcdef abcdefg abcdefgh \
        qazwsx zaqwsx marina natalia ivanov vladimir moskva moscow russia russian ukraine spartak zenit dinamo privet \
        parol gfhjkm lubov kristina ekaterina svetlana tatiana aleksandr sergey dmitry andrey maksim nikita bangladesh india \
        krishna ganesh shiva sairam mumbai delhi bonjour soleil doudou marseille motdepasse schatz hallo hallowelt \
        polska kochanie hola teamo america contrasena estrella alejandro amore francesco
        """)

    private static let walks = set(
        """
        1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 1qaz2wsx 1qaz2wsx3edc zaq12wsx zaq1xsw2 zaq1zaq1 1qaz1qaz \
        1qazxsw2 2wsx3edc qwer1234 qwe12345 qwe123456 qweasd123 qweasdzxc1 qwerty1234 q1q1q1q1 q1w2e3r4t5y6 a1s2d3f4 \
        a1b2c3d4 a1b2c3d4e5 1a2b3c4d 1a2b3c4d5e a123456 a1234567 a12345678 a123456789 aa123456 aa12345678 aaa12345 abc12345 \
        123456a 1234567a 12345678a 123456789a 123456aa 1234abcd 12345abc 123abc123 123qweasd 123qwe123 12345qwert 123456qwe \
        1234qwer 12qwaszx asdf1234 asd12345 zxc12345 zxcv1234 zxcvbnm1 zxcvbnm123 passw0rd passw0rd1 passw0rd123 p@ssw0rd \
        p@ssw0rd1 p@ssw0rd123 p@ssword1 pa55word pa55w0rd pa$$w0rd w3lc0me1 trustno1 letme1n1 iloveyou2 1loveyou ilov3you \
        love1234 1password 123password test1234567 g00dpassword dragon12 m0nkey123 ncc1701d rush2112 blink182 fuckyou1 \
        fuckyou2 asshole1 access14 thx1138a bond0007 jordan23 michael23 playboy1 1234567q q1234567 q12345678 q123456789 \
        w1234567 z1234567 x1234567 s1234567 d1234567 qq123456 qq12345678 wang1234 woaini520 woaini1314 5201314a asd123456 \
        zz123456 mm123456 1g2w3e4r r2d2c3po gfhjkm123 ghbdtn12 klaster1 vfrcbv123 samsung1 natasha1 cheese12 hello123 \
        mypassword1 newpassword1 temp1234 pass1234 pass12345 pass@123 pass@1234 user1234 login123 qwerty12 superman1 \
        india@123 kumar123 baby1234 sweet123 sexy1234 money123 cowboys1 yankees1 lakers24 steelers1 eagles12 packers1
        """)

    private static func set(_ text: StaticString) -> Set<Substring> {
        Set("\(text)".split(separator: " "))
    }
}
