package io.waybill.inventory.catalogue;

import io.waybill.kernel.Money;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Fills the shelves of a new shop, so that there is something to buy at once. Each product comes with its first
 * delivery in one decision of its own: a crash half-way, a second start and a second instance add nothing twice, and
 * what the shop has since renamed or repriced stays as it is.
 */
@Component
@ConditionalOnProperty("waybill.inventory.sample-catalogue")
class SampleCatalogue {

    private static final Logger LOG = LoggerFactory.getLogger(SampleCatalogue.class);

    static final List<IntroduceProduct> PRODUCTS = List.of(
            product("BEANS-HOUSE-250", "House Blend coffee beans, 250 g", 890, 1000),
            product("BEANS-YIRGACHEFFE-250", "Ethiopia Yirgacheffe coffee beans, 250 g", 1250, 400),
            product("BEANS-DECAF-250", "Decaf coffee beans, 250 g", 1090, 250),
            product("FILTER-PAPER-100", "Paper filters, 100 pieces", 475, 800),
            product("DRIPPER-CERAMIC", "Ceramic dripper", 2490, 120),
            product("GRINDER-HAND", "Hand grinder with steel burrs", 8900, 60),
            product("KETTLE-GOOSENECK", "Gooseneck kettle, 1 l", 6450, 75),
            product("PRESS-TRAVEL", "Travel French press", 3995, 90),
            product("MUG-ENAMEL", "Enamel mug, 350 ml", 1200, 500),
            product("FLASK-STEEL-750", "Vacuum flask, 750 ml", 2999, 200),
            product("STOVE-GAS", "Folding gas stove", 4550, 80),
            product("LANTERN-CAMP", "Rechargeable camp lantern", 3749, 5));

    private final CommandGateway commands;

    SampleCatalogue(CommandGateway commands) {
        this.commands = commands;
    }

    @EventListener(ApplicationReadyEvent.class)
    void fillTheShelves() {
        PRODUCTS.forEach(commands::sendAndWait);
        LOG.info("The sample catalogue of {} products is there", PRODUCTS.size());
    }

    private static IntroduceProduct product(String sku, String name, long cents, int pieces) {
        return new IntroduceProduct(Sku.of(sku), name, Money.ofMinor(cents, "EUR"), Quantity.of(pieces));
    }
}
