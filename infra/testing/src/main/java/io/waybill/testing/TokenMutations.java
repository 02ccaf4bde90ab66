package io.waybill.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.waybill.security.TokenSigner;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What attackers and accidents make of a good token: each is a list of {@code Authorization} headers. */
public final class TokenMutations {

    private final String good;
    private final ECKey key;
    private final JWTClaimsSet claims;
    private final Map<String, List<String>> all = new LinkedHashMap<>();

    private TokenMutations(String good, ECKey key, JWTClaimsSet claims) {
        this.good = good;
        this.key = key;
        this.claims = claims;
    }

    /** By name; the key is the private one that signs good tokens. */
    public static Map<String, List<String>> of(String good, ECKey key, JWTClaimsSet claims) throws JOSEException {
        var mutations = new TokenMutations(good, key, claims);
        mutations.headers();
        mutations.spellings();
        mutations.algorithms();
        mutations.foreignKeys();
        mutations.injectedKeys();
        mutations.signatures();
        mutations.claims();
        return mutations.all;
    }

    private void headers() {
        all.put("no header", List.of());
        all.put("an empty header", List.of(""));
        all.put("the scheme alone", List.of("Bearer"));
        all.put("the scheme and a blank", List.of("Bearer "));
        all.put("the token alone", List.of(good));
        all.put("another scheme", List.of("Basic " + good));
        all.put("a scheme of another time", List.of("Token " + good));
        all.put("DPoP", List.of("DPoP " + good));
        all.put("no blank behind the scheme", List.of("Bearer" + good));
        all.put("two blanks behind the scheme", List.of("Bearer  " + good));
        all.put("a tab behind the scheme", List.of("Bearer\t" + good));
        all.put("a comma behind the scheme", List.of("Bearer," + good));
        all.put("quotes", List.of("Bearer \"" + good + "\""));
        all.put("two tokens in a header", List.of("Bearer " + good + " " + good));
        all.put("two tokens with a comma", List.of("Bearer " + good + ", Bearer " + good));
        all.put("two headers, both good", List.of("Bearer " + good, "Bearer " + good));
        all.put("two headers, the first good", List.of("Bearer " + good, "Bearer x"));
        all.put("two headers, the second good", List.of("Basic eDp5", "Bearer " + good));
        all.put("a parameter", List.of("Bearer access_token=" + good));
    }

    private void spellings() {
        var parts = good.split("\\.", -1);
        put("nonsense", "nonsense");
        put("dots", "..");
        put("null", "null");
        put("a part less", parts[0] + "." + parts[1]);
        put("a part more", good + ".e30");
        put("a trailing dot", good + ".");
        put("a leading dot", "." + good);
        put("five parts, as if encrypted", good + "." + parts[1] + "." + parts[2]);
        put("padding", good + "=");
        put("two paddings", good + "==");
        put("a blank inside", parts[0] + ". " + parts[1] + "." + parts[2]);
        put(
                "a foreign character in the signature",
                good.substring(0, good.length() - 4) + "~" + good.substring(good.length() - 4));
        put("spare bits set", good.substring(0, good.length() - 1) + twin(good.charAt(good.length() - 1)));
        put("header and claims exchanged", parts[1] + "." + parts[0] + "." + parts[2]);
        put("upper case", good.toUpperCase(Locale.ROOT));
        put("an empty header part", "." + parts[1] + "." + parts[2]);
        put("an empty claims part", parts[0] + ".." + parts[2]);
        put("too long", good + "A".repeat(3000));
        put("a truncated header", parts[0].substring(4) + "." + parts[1] + "." + parts[2]);
    }

    private void algorithms() throws JOSEException {
        var body = Base64URL.encode(claims.toString()).toString();
        for (var none : List.of("none", "None", "NONE", "nOnE")) {
            var header = Base64URL.encode(
                    "{\"alg\":\"" + none + "\",\"typ\":\"at+jwt\",\"kid\":\"" + key.getKeyID() + "\"}");
            put("algorithm " + none, header + "." + body + ".");
            put("algorithm " + none + " with the good signature", header + "." + body + "." + part(2));
        }
        for (var missing :
                List.of("{\"typ\":\"at+jwt\"}", "{\"alg\":\"\",\"typ\":\"at+jwt\"}", "{\"alg\":null}", "{}", "[]")) {
            put("the header " + missing, Base64URL.encode(missing) + "." + body + "." + part(2));
        }
        var spki = key.toPublicKey().getEncoded();
        var pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(spki) + "\n-----END PUBLIC KEY-----\n";
        put("HS256 with the public key", signed(JWSAlgorithm.HS256, new MACSigner(spki), header -> {}));
        put(
                "HS256 with the public key as PEM",
                signed(JWSAlgorithm.HS256, new MACSigner(pem.getBytes(StandardCharsets.UTF_8)), header -> {}));
        put(
                "HS256 with the published JWK",
                signed(
                        JWSAlgorithm.HS256,
                        new MACSigner(key.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8)),
                        header -> {}));
        put("HS512 with the public key", signed(JWSAlgorithm.HS512, new MACSigner(spki), header -> {}));
        var other = new ECKeyGenerator(Curve.P_384).keyID(key.getKeyID()).generate();
        put("ES384", signed(JWSAlgorithm.ES384, new ECDSASigner(other), header -> {}));
        var wide = new ECKeyGenerator(Curve.P_521).keyID(key.getKeyID()).generate();
        put("ES512", signed(JWSAlgorithm.ES512, new ECDSASigner(wide), header -> {}));
        RSAKey rsa = new RSAKeyGenerator(2048).keyID(key.getKeyID()).generate();
        put("RS256", signed(JWSAlgorithm.RS256, new RSASSASigner(rsa), header -> {}));
        put("PS256", signed(JWSAlgorithm.PS256, new RSASSASigner(rsa), header -> {}));
    }

    private void foreignKeys() throws JOSEException {
        var same = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate();
        put("another key under our id", signed(JWSAlgorithm.ES256, new ECDSASigner(same), header -> {}));
        put(
                "another key under its own id",
                signed(JWSAlgorithm.ES256, new ECDSASigner(same), header -> header.keyID("mine")));
        put("another key under no id", signed(JWSAlgorithm.ES256, new ECDSASigner(same), header -> header.keyID(null)));
        put(
                "our key under another id",
                signed(JWSAlgorithm.ES256, new ECDSASigner(key), header -> header.keyID("mine")));
        put(
                "an id that is a path",
                signed(JWSAlgorithm.ES256, new ECDSASigner(same), header -> header.keyID("../../../dev/null")));
        put(
                "an id that is SQL",
                signed(JWSAlgorithm.ES256, new ECDSASigner(same), header -> header.keyID("' or '1'='1")));
    }

    private void injectedKeys() throws JOSEException {
        var mine = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate();
        var signer = new ECDSASigner(mine);
        var elsewhere = URI.create("http://127.0.0.1:9/keys.json");
        put("a key in the header", signed(JWSAlgorithm.ES256, signer, header -> header.jwk(mine.toPublicJWK())));
        put("a key address", signed(JWSAlgorithm.ES256, signer, header -> header.jwkURL(elsewhere)));
        put("a certificate address", signed(JWSAlgorithm.ES256, signer, header -> header.x509CertURL(elsewhere)));
        put(
                "a certificate",
                signed(
                        JWSAlgorithm.ES256,
                        signer,
                        header -> header.x509CertChain(List.of(com.nimbusds.jose.util.Base64.encode("x")))));
        put(
                "something critical that nobody knows",
                signed(
                        JWSAlgorithm.ES256,
                        new ECDSASigner(key),
                        header -> header.criticalParams(Set.of("exp2")).customParam("exp2", 1)));
        put(
                "the type of an id token",
                signed(JWSAlgorithm.ES256, new ECDSASigner(key), header -> header.type(JOSEObjectType.JWT)));
        put("no type", signed(JWSAlgorithm.ES256, new ECDSASigner(key), header -> header.type(null)));
    }

    private void signatures() {
        var signature = Base64.getUrlDecoder().decode(part(2));
        put("no signature", part(0) + "." + part(1) + ".");
        put("a signature of zeros", withSignature(new byte[64]));
        put("no bytes but the right number of dots", part(0) + "." + part(1) + ".AA");
        var r = Arrays.copyOf(signature, 32);
        put("half a signature", withSignature(r));
        put("a signature with a byte more", withSignature(Arrays.copyOf(signature, 65)));
        var flipped = signature.clone();
        flipped[10] ^= 1;
        put("a flipped bit", withSignature(flipped));
        var order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        var s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        put("the signature's twin", withSignature(joined(r, order.subtract(s))));
        put("s is zero", withSignature(joined(r, BigInteger.ZERO)));
        put("s is the order", withSignature(joined(r, order)));
        put("r is zero", withSignature(joined(new byte[32], s)));
        var ones = new byte[64];
        Arrays.fill(ones, (byte) 0xff);
        put("a signature of ones", withSignature(ones));
    }

    private void claims() {
        var past = Date.from(Instant.now().minusSeconds(3600));
        var future = Date.from(Instant.now().plusSeconds(3600));
        claimed("expired", claims -> claims.expirationTime(past));
        claimed(
                "expired just beyond the skew",
                claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(31))));
        claimed("never expires", claims -> claims.expirationTime(null));
        claimed("not yet valid", claims -> claims.notBeforeTime(future));
        claimed("issued in the future", claims -> claims.issueTime(future));
        claimed("another issuer", claims -> claims.issuer("urn:evil"));
        claimed("an issuer that begins like ours", claims -> claims.issuer("urn:waybill:gateway:evil"));
        claimed("no issuer", claims -> claims.issuer(null));
        claimed("another audience", claims -> claims.audience("somebody"));
        claimed("no audience", claims -> claims.audience((String) null));
        claimed("no subject", claims -> claims.subject(null));
        claimed("a blank subject", claims -> claims.subject(" "));
        edited("edited roles", claims.toString().replace("operator", "customer"));
        edited("another subject", claims.toString().replace(String.valueOf(claims.getSubject()), "cus_other"));
        edited("no claims", "{}");
        edited("no JSON", "hello");
        edited("an array", "[]");
        edited("a longer life", claims.toString().replaceAll("\"exp\":\\d+", "\"exp\":99999999999"));
    }

    private void claimed(String name, Consumer<JWTClaimsSet.Builder> change) {
        var changed = new JWTClaimsSet.Builder(claims);
        change.accept(changed);
        put(name, TokenSigner.sign(changed.build(), key));
    }

    private void edited(String name, String body) {
        put(name, part(0) + "." + Base64URL.encode(body) + "." + part(2));
    }

    private String signed(JWSAlgorithm algorithm, JWSSigner signer, Consumer<JWSHeader.Builder> change)
            throws JOSEException {
        var builder = new JWSHeader.Builder(algorithm)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(key.getKeyID());
        change.accept(builder);
        var header = builder.build();
        var content = header.toBase64URL() + "." + Base64URL.encode(claims.toString());
        return content + "." + signer.sign(header, content.getBytes(StandardCharsets.US_ASCII));
    }

    private String withSignature(byte[] signature) {
        return part(0) + "." + part(1) + "." + Base64URL.encode(signature);
    }

    private static byte[] joined(byte[] r, BigInteger s) {
        var number = s.toByteArray();
        var joined = Arrays.copyOf(r, 64);
        var length = Math.min(number.length, 32);
        System.arraycopy(number, number.length - length, joined, 64 - length, length);
        return joined;
    }

    private String part(int index) {
        return good.split("\\.", -1)[index];
    }

    /** The same but for a bit that decoding throws away: 64 bytes end two bits into the last character. */
    private static char twin(char last) {
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(last) ^ 1);
    }

    private void put(String name, String token) {
        all.put(name, List.of("Bearer " + token));
    }
}
