package io.waybill.messaging.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.messaging.waiting.UpdateExchange.Update;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UpdateExchangeTest {

    @Test
    void an_update_comes_in_as_it_went_out() {
        Update update = new Update("instance-1", "order.tracking", Set.of("ord_1", "ord_2"));
        assertThat(Update.parse(update.body())).contains(update);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "instance-1",
                "instance-1\norder.tracking",
                "instance-1\norder.tracking\n",
                "instance-1\norder.tracking\nord 1",
                "instance-1\norder.tracking\nord_1\n",
                "in stance\norder.tracking\nord_1",
                "\norder.tracking\nord_1",
                "instance-1\norder.tracking\nord_\u0001"
            })
    void what_is_no_update_is_none(String body) {
        assertThat(Update.parse(body.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void what_is_too_long_is_none() {
        assertThat(Update.parse(("i\np" + "\nk".repeat(201)).getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(Update.parse(new byte[1 << 20])).isEmpty();
    }
}
