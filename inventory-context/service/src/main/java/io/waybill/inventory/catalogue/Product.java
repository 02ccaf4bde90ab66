package io.waybill.inventory.catalogue;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.waybill.inventory.InventoryRejection;
import io.waybill.inventory.api.ChangePrice;
import io.waybill.inventory.api.ListProduct;
import io.waybill.inventory.api.PriceChanged;
import io.waybill.inventory.api.ProductListed;
import io.waybill.inventory.api.ReceiveStock;
import io.waybill.inventory.api.StockReceived;
import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;
import io.waybill.messaging.Rejection;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A product for sale. It is listed once, then renamed and repriced at will, also in another currency: an order keeps
 * the price it was placed at. Only a listed product has a price to change and a shelf to receive pieces on.
 */
@Aggregate
class Product {

    private record Offer(String name, Money price) {}

    @AggregateIdentifier
    private Sku sku;

    private @Nullable Offer offer;

    Product() {}

    /** Answers whether the product is new. */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    boolean decide(ListProduct command) {
        requirePositive(command.price());
        Offer before = offer;
        if (before == null || !before.name().equals(command.name())) {
            apply(new ProductListed(command.sku(), command.name(), command.price()));
        } else if (!before.price().equals(command.price())) {
            apply(new PriceChanged(command.sku(), command.price()));
        }
        return before == null;
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void decide(ChangePrice command) {
        requirePositive(command.price());
        if (!requireListed(command.sku()).price().equals(command.price())) {
            apply(new PriceChanged(sku, command.price()));
        }
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void decide(ReceiveStock command, StockOnHand stock) {
        requireListed(command.sku());
        stock.add(command.sku(), command.quantity());
        apply(new StockReceived(sku, command.quantity()));
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void decide(IntroduceProduct command, StockOnHand stock) {
        if (offer != null) {
            return;
        }
        stock.add(command.sku(), command.delivered());
        apply(new ProductListed(command.sku(), command.name(), command.price()));
        apply(new StockReceived(command.sku(), command.delivered()));
    }

    @EventSourcingHandler
    void evolve(ProductListed event) {
        sku = event.sku();
        offer = new Offer(event.name(), event.price());
    }

    @EventSourcingHandler
    void evolve(PriceChanged event) {
        if (offer != null) {
            offer = new Offer(offer.name(), event.price());
        }
    }

    private Offer requireListed(Sku asked) {
        if (offer == null) {
            throw new Rejection(InventoryRejection.PRODUCT_NOT_FOUND, "There is no product " + asked + ".");
        }
        return offer;
    }

    private static void requirePositive(Money price) {
        if (!price.isPositive()) {
            throw new Rejection(
                    InventoryRejection.PRICE_NOT_POSITIVE, "A price is more than nothing, not " + price + ".");
        }
    }
}
