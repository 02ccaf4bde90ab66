package io.waybill.messaging.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VerificationKeysTest {

    @TempDir
    private Path folder;

    @Test
    void the_same_keys_are_equal_and_others_are_not() throws Exception {
        ECKey first = key("first");
        ECKey second = key("second");

        assertThat(all(first)).isEqualTo(all(first)).isNotEqualTo(all(second)).isNotEqualTo(all(first, second));
    }

    @Test
    void keys_that_cannot_be_had_equal_nothing() {
        URI nobody = URI.create("http://127.0.0.1:1/keys");

        Object none = VerificationKeys.all(VerificationKeys.at(nobody));

        assertThat(VerificationKeys.all(VerificationKeys.at(nobody))).isNotEqualTo(none);
    }

    private static ECKey key(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    private Object all(ECKey... keys) throws IOException {
        Path file = Files.createTempFile(folder, "keys", ".json");
        Files.writeString(file, new JWKSet(List.of(keys)).toString());
        return VerificationKeys.all(VerificationKeys.at(file.toUri()));
    }
}
