package io.waybill.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.kernel.Event;
import io.waybill.kernel.Revision;
import io.waybill.messaging.MessageType.Kind;
import io.waybill.messaging.sample.ParcelEvent;
import io.waybill.messaging.sample.ParcelEvent.ShipmentDispatched;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.sample.ShelfEvent;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MessageCatalogueTest {

    sealed interface Family extends Event {

        sealed interface Branch extends Family {}

        @Revision(1)
        record Leaf(String subject) implements Branch {}

        @Revision(1)
        record Root(String subject) implements Family {}
    }

    private interface OpenFamily extends Event {}

    @Test
    void every_record_of_a_family_is_known_by_its_name_and_its_class() {
        MessageCatalogue catalogue = SampleMessages.catalogue();

        MessageType type = catalogue.named("waybill.inventory.GoodsPlaced").orElseThrow();

        assertThat(type).isEqualTo(new MessageType("inventory", "GoodsPlaced", 2, Kind.OWN_EVENT, GoodsPlaced.class));
        assertThat(catalogue.ofPayload(GoodsPlaced.class)).contains(type);
        assertThat(catalogue.types()).hasSize(7);
    }

    @Test
    void families_within_families_count() {
        assertThat(MessageCatalogue.of("tree").events(Family.class).build().types())
                .extracting(MessageType::name)
                .containsExactlyInAnyOrder("Leaf", "Root");
    }

    @Test
    void a_foreign_type_belongs_to_its_own_context() {
        MessageType type =
                SampleMessages.catalogue().ofPayload(ShipmentDispatched.class).orElseThrow();

        assertThat(type.context()).isEqualTo("shipping");
        assertThat(type.kind()).isEqualTo(Kind.FOREIGN_EVENT);
    }

    @Test
    void what_was_not_declared_is_not_known() {
        MessageCatalogue catalogue =
                MessageCatalogue.of("inventory").events(ShelfEvent.class).build();

        assertThat(catalogue.named("java.lang.String")).isEmpty();
        assertThat(catalogue.named(ShelfPutUp.class.getName())).isEmpty();
        assertThat(catalogue.named("waybill.shipping.ShipmentDispatched")).isEmpty();
        assertThat(catalogue.ofPayload(ShipmentDispatched.class)).isEmpty();
    }

    @Test
    void a_family_that_anybody_could_extend_is_refused() {
        MessageCatalogue.Builder builder = MessageCatalogue.of("tree");

        assertThatThrownBy(() -> builder.events(OpenFamily.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_name_stands_for_one_type_only() {
        MessageCatalogue.Builder builder =
                MessageCatalogue.of("inventory").foreignEvents("shipping", ParcelEvent.class);

        assertThatThrownBy(() -> builder.foreignEvents("shipping", ParcelEvent.class))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
