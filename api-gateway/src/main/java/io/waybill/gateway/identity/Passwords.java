package io.waybill.gateway.identity;

import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/**
 * The rules of NIST SP 800-63B: long enough, none of those that everybody tries first, and no others. Hashed with
 * Argon2id at OWASP's parameters, 19 MiB and two passes, which takes some tens of milliseconds: never on an event loop.
 */
final class Passwords {

    private static final int SHORTEST = 8;
    private static final int LONGEST = 128;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    private static final int KIBIBYTES = 19_456;
    private static final int PASSES = 2;

    /** The heads of the lists that are published of stolen passwords, of those that are long enough. */
    private static final Set<String> COMMON = Set.of(
            "12345678",
            "123456789",
            "1234567890",
            "12345678910",
            "123123123",
            "987654321",
            "0987654321",
            "11111111",
            "111111111",
            "1111111111",
            "00000000",
            "0000000000",
            "88888888",
            "87654321",
            "12341234",
            "11223344",
            "147258369",
            "123456123",
            "1q2w3e4r",
            "1q2w3e4r5t",
            "1qaz2wsx",
            "1qazxsw2",
            "q1w2e3r4",
            "qwertyui",
            "qwertyuiop",
            "qwerty123",
            "qwerty12",
            "qwerty1234",
            "qwertzuiop",
            "asdfghjk",
            "asdfghjkl",
            "zxcvbnm1",
            "password",
            "password1",
            "password12",
            "password123",
            "password1234",
            "password!",
            "password1!",
            "passw0rd",
            "p@ssword",
            "p@ssw0rd",
            "pa$$word",
            "passwort",
            "passwort1",
            "iloveyou",
            "iloveyou1",
            "sunshine",
            "princess",
            "football",
            "baseball",
            "superman",
            "starwars",
            "whatever",
            "trustno1",
            "welcome1",
            "welcome123",
            "admin123",
            "administrator",
            "letmein1",
            "changeme",
            "changeme1",
            "changeit",
            "computer",
            "internet",
            "michelle",
            "jennifer",
            "abcd1234",
            "abcdefgh",
            "abc12345",
            "a1b2c3d4",
            "aaaaaaaa",
            "test1234",
            "testtest",
            "secret123",
            "liverpool",
            "corvette",
            "mercedes",
            "samantha",
            "butterfly",
            "chocolate",
            "basketball",
            "operator");

    private final Argon2PasswordEncoder encoder =
            new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, KIBIBYTES, PASSES);

    /** Nobody's: compared with where there is no account, so that the answer takes as long. */
    private final String nobodys;

    Passwords(String unguessable) {
        this.nobodys = encoder.encode(unguessable);
    }

    /** Refuses a password that an account must not be opened with. */
    static void require(String password, String email) {
        var length = password.codePointCount(0, password.length());
        if (length < SHORTEST || length > LONGEST) {
            throw new RefusedRequest(
                    ProblemCode.INVALID_VALUE, "password is " + SHORTEST + " to " + LONGEST + " characters");
        }
        var known = password.toLowerCase(Locale.ROOT);
        if (COMMON.contains(known) || known.equals(email)) {
            throw new RefusedRequest(ProblemCode.PASSWORD_TOO_COMMON);
        }
    }

    String hash(String password) {
        return encoder.encode(normal(password));
    }

    /** Whether it is the password of that hash; takes its time also where there is no hash. */
    boolean matches(String password, @Nullable String hash) {
        var right = encoder.matches(normal(password), hash == null ? nobodys : hash);
        return right && hash != null;
    }

    /** Keyboards write the same character in different ways. */
    private static String normal(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }
}
