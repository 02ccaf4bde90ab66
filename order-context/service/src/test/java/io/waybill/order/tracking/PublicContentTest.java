package io.waybill.order.tracking;

import static io.waybill.order.OrderFixtures.home;
import static io.waybill.order.OrderFixtures.orderPlaced;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.waybill.messaging.WaybillJson;
import io.waybill.order.api.OrderEvent;
import io.waybill.shipping.api.ShippingEvent;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PublicContentTest {

    private final PublicContent content = PublicContent.of(List.of(OrderEvent.class, ShippingEvent.class));
    private final ObjectMapper json = WaybillJson.mapper();

    @Test
    void an_address_is_left_out_and_all_else_is_told() {
        JsonNode told = content.withoutPersonalData("OrderPlaced", json.valueToTree(orderPlaced()));
        assertThat(told.toString()).doesNotContain(home().street()).doesNotContain("shippingAddress");
        assertThat(told.at("/total/minorUnits").asInt()).isEqualTo(7400);
    }

    @Test
    void an_address_is_left_out_of_foreign_events_too() {
        JsonNode event = json.createObjectNode().put("orderId", "o").put("address", "secret");
        assertThat(content.withoutPersonalData("ShipmentRequested", event).toString())
                .isEqualTo("{\"orderId\":\"o\"}");
    }

    @Test
    void what_cannot_be_read_is_left_out() {
        assertThat(content.withoutPersonalData("OrderPlaced", TextNode.valueOf("secret"))
                        .toString())
                .isEqualTo("{}");
    }

    @Test
    void a_type_of_another_family_is_not_told() {
        assertThat(content.isTold("AnswerOverdue")).isFalse();
        assertThat(content.isTold("ShipmentRequested")).isTrue();
    }
}
