package io.waybill.inventory.catalogue;

import static io.waybill.inventory.InventoryFixtures.euros;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.inventory.InventoryApplication;
import io.waybill.inventory.api.ListProduct;
import io.waybill.testing.Deployment;
import io.waybill.testing.RunningContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SampleCatalogueIT {

    private static final String WITH_SAMPLES = "--waybill.inventory.sample-catalogue=true";

    @Test
    void the_shelves_are_filled_once_also_after_a_start_that_broke_off_half_way() {
        Deployment shop = Deployment.fresh("inventory");
        IntroduceProduct first = SampleCatalogue.PRODUCTS.getFirst();
        try (RunningContext inventory = shop.start(InventoryApplication::start)) {
            assertThat(stock(inventory)).isEmpty();
            SampleCatalogue.PRODUCTS.stream().limit(5).forEach(inventory.bean(CommandGateway.class)::sendAndWait);
            inventory.bean(CommandGateway.class).sendAndWait(new ListProduct(first.sku(), "Renamed", euros("9.99")));
        }

        Map<String, Long> samples = new TreeMap<>(SampleCatalogue.PRODUCTS.stream()
                .collect(Collectors.toMap(product -> product.sku().value(), product ->
                        (long) product.delivered().value())));
        try (RunningContext inventory = shop.start(InventoryApplication::start, WITH_SAMPLES)) {
            assertThat(stock(inventory)).isEqualTo(samples);
        }
        try (RunningContext inventory = shop.start(InventoryApplication::start, WITH_SAMPLES)) {
            assertThat(stock(inventory)).isEqualTo(samples);
            assertThat(eventsOf(inventory, first)).isEqualTo(3);
        }
    }

    private static Map<String, Long> stock(RunningContext inventory) {
        Map<String, Long> onHand = new TreeMap<>();
        inventory
                .bean(JdbcClient.class)
                .sql("select sku, on_hand from stock_level")
                .query(row -> {
                    onHand.put(row.getString("sku"), row.getLong("on_hand"));
                });
        return onHand;
    }

    private static long eventsOf(RunningContext inventory, IntroduceProduct product) {
        return inventory
                .bean(JdbcClient.class)
                .sql("select count(*) from event_stream where subject = :sku")
                .param("sku", product.sku().value())
                .query(Long.class)
                .single();
    }
}
