package io.waybill.messaging.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.messaging.RejectionCode;
import io.waybill.security.ApiDocument;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AdministrationDocumentTest {

    @Test
    void every_refusal_that_all_contexts_share_is_documented() {
        assertThat(ApiDocument.named("administration").problemCodes())
                .containsAll(Stream.<RejectionCode[]>of(AdminRejection.values(), ConsistencyRejection.values())
                        .flatMap(Stream::of)
                        .map(RejectionCode::name)
                        .toList());
    }
}
