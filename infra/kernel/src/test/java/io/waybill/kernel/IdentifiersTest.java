package io.waybill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class IdentifiersTest {

    private static final String UUID_7 = "01939a3f-5c00-7abc-8def-0123456789ab";

    @Test
    void ids_drawn_in_one_millisecond_differ() {
        SplittableRandom random = new SplittableRandom(7);
        Set<OrderId> drawn = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            drawn.add(OrderId.timeOrdered(Instant.EPOCH, random));
        }
        assertThat(drawn).hasSize(10_000);
    }

    @Test
    void an_id_prints_as_its_value() {
        assertThat(OrderId.of("ord_" + UUID_7)).hasToString("ord_" + UUID_7);
        assertThat(PaymentId.of("pay_" + UUID_7)).hasToString("pay_" + UUID_7);
        assertThat(ShipmentId.of("shp_" + UUID_7)).hasToString("shp_" + UUID_7);
        assertThat(CustomerId.of("auth0.user_42-a")).hasToString("auth0.user_42-a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                UUID_7,
                "_" + UUID_7,
                "ord_",
                "ord_1-2-3-4-5",
                "ord_01939A3F-5C00-7ABC-8DEF-0123456789AB",
                "ord_01939a3f5c007abc8def0123456789ab",
                "ord_01939a3f-5c00-7abc-8def-0123456789ag",
                "ord_01939a3f-5c00-7abc-8def-0123456789ab ",
                "ord-01939a3f-5c00-7abc-8def-0123456789ab"
            })
    void what_is_no_prefixed_uuid_in_lower_case_is_refused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> OrderId.of(value));
        assertThatIllegalArgumentException().isThrownBy(() -> PaymentId.of(value.replace("ord", "pay")));
        assertThatIllegalArgumentException().isThrownBy(() -> ShipmentId.of(value.replace("ord", "shp")));
    }

    @Test
    void an_id_of_one_kind_is_not_taken_for_another() {
        assertThatIllegalArgumentException().isThrownBy(() -> OrderId.of("pay_" + UUID_7));
        assertThatIllegalArgumentException().isThrownBy(() -> PaymentId.of("shp_" + UUID_7));
        assertThatIllegalArgumentException().isThrownBy(() -> ShipmentId.of("ord_" + UUID_7));
    }
}
