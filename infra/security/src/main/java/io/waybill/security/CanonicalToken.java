package io.waybill.security;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import org.springframework.security.oauth2.jwt.BadJwtException;

/**
 * One token, one spelling: the decoder forgives padding, foreign characters and spare bits in Base64url, and an ECDSA
 * signature has a twin that is as good. We write neither, so we read neither.
 */
final class CanonicalToken {

    private static final int LONGEST = 4096;
    private static final int SCALAR_BYTES = 32;

    /** Half the order of the curve P-256. */
    private static final BigInteger HALF_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16).shiftRight(1);

    private CanonicalToken() {}

    static void require(String token) {
        String[] parts = token.split("\\.", -1);
        if (token.length() > LONGEST
                || parts.length != 3
                || !Arrays.stream(parts).allMatch(CanonicalToken::isExact)) {
            throw new BadJwtException("The token is not spelled as we spell it");
        }
        byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
        if (signature.length != 2 * SCALAR_BYTES || isHigh(signature)) {
            throw new BadJwtException("The signature is not spelled as we spell it");
        }
    }

    /** The signature with the smaller of its two possible second halves. */
    static byte[] lowered(byte[] signature) {
        byte[] lowered = signature.clone();
        if (isHigh(signature)) {
            BigInteger order = HALF_ORDER.shiftLeft(1).add(BigInteger.ONE);
            byte[] twin = order.subtract(second(signature)).toByteArray();
            int length = Math.min(twin.length, SCALAR_BYTES);
            Arrays.fill(lowered, SCALAR_BYTES, lowered.length, (byte) 0);
            System.arraycopy(twin, twin.length - length, lowered, lowered.length - length, length);
        }
        return lowered;
    }

    private static boolean isHigh(byte[] signature) {
        return second(signature).compareTo(HALF_ORDER) > 0;
    }

    private static BigInteger second(byte[] signature) {
        return new BigInteger(1, signature, SCALAR_BYTES, SCALAR_BYTES);
    }

    private static boolean isExact(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
