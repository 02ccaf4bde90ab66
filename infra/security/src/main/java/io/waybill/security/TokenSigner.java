package io.waybill.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import java.nio.charset.StandardCharsets;

/** Signs tokens of our own. */
public final class TokenSigner {

    private TokenSigner() {}

    /** The token of these claims, signed with a private key on the curve P-256. */
    public static String sign(JWTClaimsSet claims, ECKey key) {
        JWSHeader header = new JWSHeader.Builder(TokenRules.ALGORITHM)
                .type(TokenRules.ACCESS_TOKEN)
                .keyID(key.getKeyID())
                .build();
        String signed = header.toBase64URL() + "." + Base64URL.encode(claims.toString());
        try {
            Base64URL signature = new ECDSASigner(key).sign(header, signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64URL.encode(CanonicalToken.lowered(signature.decode()));
        } catch (JOSEException e) {
            throw new IllegalStateException("The key " + key.getKeyID() + " cannot sign", e);
        }
    }
}
