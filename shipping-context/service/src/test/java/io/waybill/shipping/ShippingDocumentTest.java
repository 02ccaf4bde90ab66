package io.waybill.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.security.ApiDocument;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ShippingDocumentTest {

    @Test
    void every_refusal_is_documented() {
        assertThat(ApiDocument.named("shipping").problemCodes())
                .containsAll(Arrays.stream(ShippingRejection.values())
                        .map(Enum::name)
                        .toList());
    }
}
