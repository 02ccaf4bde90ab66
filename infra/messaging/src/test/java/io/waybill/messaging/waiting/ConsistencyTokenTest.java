package io.waybill.messaging.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.messaging.stream.AppendLog.Appended;
import io.waybill.messaging.stream.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConsistencyTokenTest {

    private static final ConsistencyToken TOKEN = new ConsistencyToken(
            "order",
            new Appended(
                    new StreamPosition(7_001, 12),
                    "6f0d7c0e-3a0b-4d5c-9a43-1f8c0f6f1d11",
                    "waybill.order.OrderPlaced"));

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void comes_back_as_it_went() {
        assertThat(TOKEN.encoded()).matches("[A-Za-z0-9_-]+");
        assertThat(ConsistencyToken.parse(TOKEN.encoded())).contains(TOKEN);
        ConsistencyToken bare = new ConsistencyToken("order", new Appended(StreamPosition.START, "", ""));
        assertThat(ConsistencyToken.parse(bare.encoded())).contains(bare);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "17.5", "null", "%00", "=", "////", "AAAA", "\u0000", "é", "a b", "1,2"})
    void what_is_no_token_is_none(String text) {
        assertThat(ConsistencyToken.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 order 1 1",
                "2 order 1 1 a waybill.order.OrderPlaced",
                "1 ORDER 1 1 a waybill.order.OrderPlaced",
                "1 order -1 1 a waybill.order.OrderPlaced",
                "1 order 1 -1 a waybill.order.OrderPlaced",
                "1 order 01 1 a waybill.order.OrderPlaced",
                "1 order 9999999999999999999 1 a waybill.order.OrderPlaced",
                "1 order 1 1 a java.lang.Runtime",
                "1 order 1 1 a' or '1'='1 waybill.order.OrderPlaced",
                "1 order 1 1 a waybill.order.OrderPlaced\n",
                "1 order\n1 1 a waybill.order.OrderPlaced",
                "1  1 1 a waybill.order.OrderPlaced",
                "1 order ١ 1 a waybill.order.OrderPlaced"
            })
    void what_only_looks_like_a_token_is_none(String text) {
        assertThat(ConsistencyToken.parse(encoded(text))).isEmpty();
    }

    @Test
    void every_truncation_and_every_changed_letter_is_none_or_another_wellformed_one() {
        String text = TOKEN.encoded();
        for (int i = 0; i < text.length(); i++) {
            String cut = text.substring(0, i);
            ConsistencyToken.parse(cut)
                    .ifPresent(token -> assertThat(token.encoded()).isEqualTo(cut));
            String changed = cut + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);
            ConsistencyToken.parse(changed)
                    .ifPresent(token -> assertThat(token.encoded()).isEqualTo(changed));
        }
        assertThat(ConsistencyToken.parse(text + "=")).isEmpty();
        assertThat(ConsistencyToken.parse(text + text)).isEmpty();
        assertThat(ConsistencyToken.parse("A".repeat(1_000_000))).isEmpty();
    }
}
