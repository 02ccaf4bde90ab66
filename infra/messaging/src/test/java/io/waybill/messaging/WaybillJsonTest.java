package io.waybill.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.ShipmentId;
import io.waybill.kernel.Sku;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WaybillJsonTest {

    private static final String UUID = "01890000-0000-7000-8000-000000000001";

    private final ObjectMapper mapper = WaybillJson.mapper();

    private record Line(Sku sku, Quantity quantity, Money price) {}

    private record Everything(
            OrderId order,
            PaymentId payment,
            ShipmentId shipment,
            CustomerId customer,
            List<Line> lines,
            Instant at,
            @Nullable String note) {}

    private record Count(int pieces) {}

    private static final Everything EXAMPLE = new Everything(
            OrderId.of("ord_" + UUID),
            PaymentId.of("pay_" + UUID),
            ShipmentId.of("shp_" + UUID),
            CustomerId.of("customer-1"),
            List.of(new Line(Sku.of("TEA-1"), Quantity.of(3), Money.ofMinor(1250, "EUR"))),
            Instant.parse("2026-01-31T12:00:00.123456Z"),
            null);

    @Test
    void kernel_values_have_the_form_that_the_contracts_say() throws JsonProcessingException {
        assertThat(mapper.readTree(mapper.writeValueAsString(EXAMPLE))).isEqualTo(mapper.readTree("""
            {"order":"ord_%1$s","payment":"pay_%1$s","shipment":"shp_%1$s","customer":"customer-1",
             "lines":[{"sku":"TEA-1","quantity":3,"price":{"minorUnits":1250,"currency":"EUR"}}],
             "at":"2026-01-31T12:00:00.123456Z"}\
            """.formatted(UUID)));
    }

    @Test
    void what_is_nested_too_deep_is_not_read() throws JsonProcessingException {
        assertThat(mapper.readTree("[".repeat(32) + "]".repeat(32)).isArray()).isTrue();
        assertThatThrownBy(() -> mapper.readTree("[".repeat(33) + "]".repeat(33)))
                .isInstanceOf(StreamConstraintsException.class);
    }

    @Test
    void what_was_written_is_read_back_equal() throws JsonProcessingException {
        assertThat(mapper.readValue(mapper.writeValueAsString(EXAMPLE), Everything.class))
                .isEqualTo(EXAMPLE);
    }

    @Test
    void fields_that_a_later_writer_added_are_passed_over() throws JsonProcessingException {
        assertThat(mapper.readValue("{\"pieces\":1,\"colour\":\"red\"}", Count.class))
                .isEqualTo(new Count(1));
    }

    @Test
    void a_type_name_inside_the_json_is_only_an_unknown_field() throws JsonProcessingException {
        String json = "{\"@class\":\"java.util.ArrayList\",\"@type\":\"x\",\"pieces\":1}";

        assertThat(mapper.readValue(json, Count.class)).isEqualTo(new Count(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"pieces\":1.5}",
                "{\"pieces\":null}",
                "{}",
                "{\"pieces\":1} {}",
                "{\"pieces\":1}x",
                "{\"pieces\":99999999999}",
                "[]",
                "\"1\""
            })
    void what_is_no_count_is_refused(String json) {
        assertThatThrownBy(() -> mapper.readValue(json, Count.class)).isInstanceOf(JsonProcessingException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"quantity\":0}",
                "{\"quantity\":-1}",
                "{\"quantity\":100001}",
                "{\"quantity\":4294967297}",
                "{\"quantity\":99999999999999999999}",
                "{\"quantity\":1.0}",
                "{\"quantity\":\"3\"}",
                "{\"quantity\":{\"value\":3}}",
                "{\"sku\":\"tea 1\"}",
                "{\"sku\":7}",
                "{\"sku\":\"\"}",
                "{\"sku\":{\"value\":\"TEA-1\"}}",
                "{\"price\":{\"minorUnits\":1.5,\"currency\":\"EUR\"}}",
                "{\"price\":{\"minorUnits\":1,\"currency\":\"XXX\"}}",
                "{\"price\":{\"currency\":\"EUR\"}}",
                "{\"price\":{\"minorUnits\":1}}",
                "{\"price\":12.5}"
            })
    void what_no_kernel_value_may_be_is_refused(String json) {
        assertThatThrownBy(() -> mapper.readValue(json, Line.class)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void times_keep_their_microseconds_and_durations_their_unit() throws JsonProcessingException {
        assertThat(mapper.writeValueAsString(Instant.ofEpochSecond(0, 1_000)))
                .isEqualTo("\"1970-01-01T00:00:00.000001Z\"");
        assertThat(mapper.readValue(mapper.writeValueAsString(Duration.ofMillis(1_500)), Duration.class))
                .isEqualTo(Duration.ofMillis(1_500));
    }
}
