package io.waybill.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.security.ApiDocument;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InventoryDocumentTest {

    @Test
    void every_refusal_is_documented() {
        assertThat(ApiDocument.named("inventory").problemCodes())
                .containsAll(Arrays.stream(InventoryRejection.values())
                        .map(Enum::name)
                        .toList());
    }
}
