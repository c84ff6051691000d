import Testing

@testable import Crypto

@Suite struct BcryptTests {
    /// From the test-suites of crypt_blowfish and jBCrypt.
    @Test(arguments: [
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
        ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
        ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
        ("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
    ])
    func published(password: String, hash: String) {
        for prefix in ["$2a$", "$2b$", "$2y$"] {
            #expect(Bcrypt.verify(password, hash: prefix + hash.dropFirst(4)))
            #expect(!Bcrypt.verify(password + "x", hash: prefix + hash.dropFirst(4)))
        }
    }

    @Test func hashesAreSaltedAndSayTheirCost() {
        let one = Bcrypt.hash("Admin@123", cost: 4)
        let other = Bcrypt.hash("Admin@123", cost: 4)
        #expect(one != other)
        #expect(one.hasPrefix("$2b$04$") && one.utf8.count == 60)
        #expect(Bcrypt.cost(of: one) == 4)
        #expect(Bcrypt.verify("Admin@123", hash: one))
        #expect(!Bcrypt.verify("admin@123", hash: one))
    }

    @Test func everyByteOfALongPasswordCounts() {
        let long = String(repeating: "p", count: 100)
        let hash = Bcrypt.hash(long, cost: 4)
        #expect(Bcrypt.verify(long, hash: hash))
        #expect(!Bcrypt.verify(long + "x", hash: hash))
        #expect(Bcrypt.verify(Base64.encode(SHA256.digest(of: long)), hash: hash))
        let longest = String(repeating: "p", count: 72)
        #expect(!Bcrypt.verify(longest, hash: hash))
        #expect(!Bcrypt.verify(longest + "x", hash: Bcrypt.hash(longest, cost: 4)))
    }

    @Test func aNulEndsNothing() {
        let hash = Bcrypt.hash("secret\0one", cost: 4)
        #expect(Bcrypt.verify("secret\0one", hash: hash))
        #expect(!Bcrypt.verify("secret\0two", hash: hash))
        #expect(!Bcrypt.verify("secret", hash: hash))
    }

    @Test(arguments: ["", "*0", "*1", "$1$abc$def", "$2b$12$short", "$6$rounds=5000$salt$" + String(repeating: "a", count: 40)])
    func otherHashesMatchNothing(_ hash: String) {
        #expect(!Bcrypt.verify("", hash: hash))
        #expect(!Bcrypt.verify(hash, hash: hash))
        #expect(Bcrypt.cost(of: hash) == nil)
    }

    @Test func theDecoyIsARealComputationThatFails() {
        #expect(Bcrypt.cost(of: Bcrypt.decoy()) == 12)
        #expect(!Bcrypt.verify("secret", hash: Bcrypt.decoy(cost: 4)))
    }
}
