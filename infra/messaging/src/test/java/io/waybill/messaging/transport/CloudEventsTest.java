package io.waybill.messaging.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.messaging.MessageType.Kind;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.transport.CloudEvents.Envelope;
import io.waybill.messaging.transport.CloudEvents.Unreadable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CloudEventsTest {

    private static final Envelope DISPATCHED = new Envelope(
            "event-1",
            "/waybill/shipping",
            "waybill.shipping.ShipmentDispatched",
            2,
            "parcel-1",
            Instant.parse("2026-01-31T12:00:00.123456Z"),
            4L,
            "shelf-1",
            "{\"parcel\":\"parcel-1\"}");

    @Test
    void the_attributes_travel_as_headers_and_the_payload_as_the_body() {
        Message message = CloudEvents.toMessage(DISPATCHED);

        assertThat(message.getMessageProperties().getHeaders())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "cloudEvents:specversion", "1.0",
                        "cloudEvents:id", "event-1",
                        "cloudEvents:source", "/waybill/shipping",
                        "cloudEvents:type", "waybill.shipping.ShipmentDispatched.v2",
                        "cloudEvents:subject", "parcel-1",
                        "cloudEvents:time", "2026-01-31T12:00:00.123456Z",
                        "cloudEvents:sequence", "4",
                        "cloudEvents:partitionkey", "shelf-1"));
        assertThat(message.getBody()).asString(UTF_8).isEqualTo(DISPATCHED.body());
        assertThat(message.getMessageProperties().getContentType()).isEqualTo("application/json");
        assertThat(message.getMessageProperties().getDeliveryMode()).isEqualTo(MessageDeliveryMode.PERSISTENT);
        assertThat(message.getMessageProperties().getMessageId()).isEqualTo("event-1");
    }

    @Test
    void what_was_written_is_read_back_equal() throws Unreadable {
        assertThat(read(CloudEvents.toMessage(DISPATCHED))).isEqualTo(DISPATCHED);
    }

    @Test
    void an_event_of_no_aggregate_has_no_sequence() throws Unreadable {
        assertThat(read(without("sequence")).sequence()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "source", "type", "subject", "time", "partitionkey"})
    void a_missing_attribute_is_refused(String attribute) {
        assertRefused(without(attribute));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "source", "type", "subject", "time", "partitionkey"})
    void an_attribute_that_is_empty_too_long_or_not_printable_is_refused(String attribute) {
        for (String hostile : List.of("", "x".repeat(201), "a\nb", "a\0b", "a\u001b[31m", "a\u0085b")) {
            assertRefused(with(attribute, hostile));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.lang.Runtime",
                "waybill.shipping.ShipmentDispatched",
                "waybill.shipping.ShipmentDispatched.v",
                "waybill.shipping.ShipmentDispatched.vx",
                "waybill.shipping.ShipmentDispatched.v0",
                "waybill.shipping.ShipmentDispatched.v3",
                "waybill.shipping.ShipmentDispatched.v99999999999",
                "waybill.shipping.ShipmentDispatched.v2.v2",
                "waybill.shipping.ShipmentDispatched.v\u0662",
                "waybill.shipping.Other.v1",
                "waybill.inventory.GoodsPlaced.v2",
                "waybill.shipping.PackParcel.v1",
                "waybill..ShipmentDispatched.v2",
                "WAYBILL.shipping.ShipmentDispatched.v2"
            })
    void a_type_that_is_not_expected_here_is_refused(String type) {
        assertRefused(with("type", type));
    }

    @Test
    void an_older_revision_is_let_in() throws Unreadable {
        assertThat(read(with("type", "waybill.shipping.ShipmentDispatched.v1")).revision())
                .isEqualTo(1);
    }

    @Test
    void an_event_that_another_context_claims_to_tell_is_refused() {
        assertRefused(with("source", "/waybill/payment"));
        assertRefused(with("source", "/waybill/shipping/"));
    }

    @ParameterizedTest
    @CsvSource({"time,yesterday", "time,2026-01-31", "time,2026-13-31T12:00:00Z", "sequence,one", "sequence,1.5"})
    void a_time_or_number_of_another_form_is_refused(String attribute, String hostile) {
        assertRefused(with(attribute, hostile));
    }

    @Test
    void headers_of_other_kinds_than_text_are_refused_where_they_mean_nothing() {
        assertRefused(with("type", Map.of("a", "b")));
        assertRefused(with("time", List.of(1, 2)));
        assertRefused(with("source", new byte[] {1, 2}));
    }

    @Test
    void a_body_that_is_no_utf_8_or_too_large_is_refused() {
        assertRefused(body(new byte[] {'{', (byte) 0xff, '}'}));
        assertRefused(body(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}));
        assertRefused(body(new byte[(1 << 20) + 1]));
    }

    private static Message with(String attribute, Object value) {
        Message message = CloudEvents.toMessage(DISPATCHED);
        message.getMessageProperties().setHeader("cloudEvents:" + attribute, value);
        return message;
    }

    private static Message without(String attribute) {
        Message message = CloudEvents.toMessage(DISPATCHED);
        message.getMessageProperties().getHeaders().remove("cloudEvents:" + attribute);
        return message;
    }

    private static Message body(byte[] body) {
        return MessageBuilder.withBody(body)
                .andProperties(CloudEvents.toMessage(DISPATCHED).getMessageProperties())
                .build();
    }

    private static Envelope read(Message message) throws Unreadable {
        return CloudEvents.fromMessage(message, SampleMessages.catalogue(), Kind.FOREIGN_EVENT);
    }

    private static void assertRefused(Message message) {
        assertThatThrownBy(() -> read(message)).isInstanceOf(Unreadable.class);
    }
}
