package io.waybill.inventory.web;

import io.waybill.inventory.InventoryRejection;
import io.waybill.inventory.api.FindProduct;
import io.waybill.inventory.api.ListProduct;
import io.waybill.inventory.api.ListProducts;
import io.waybill.inventory.api.ProductSummary;
import io.waybill.inventory.api.ReceiveStock;
import io.waybill.kernel.Sku;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.web.AnswersFrom;
import io.waybill.messaging.web.MoneyView;
import io.waybill.messaging.web.Page;
import io.waybill.messaging.web.PublicAnswers;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Products: anyone may look, operators list them and receive stock. */
@RestController
@RequestMapping("/api/products")
class ProductsController {

    /** A product as it was listed; how much of it is there is another question. */
    record ListedProduct(String sku, String name, MoneyView price) {}

    /** The processor that keeps what is read here. */
    private static final String READ_MODEL = "inventory.browsing";

    private final CommandGateway commands;
    private final QueryGateway queries;
    private final PublicAnswers answers;

    ProductsController(CommandGateway commands, QueryGateway queries, PublicAnswers answers) {
        this.commands = commands;
        this.queries = queries;
        this.answers = answers;
    }

    @GetMapping
    @AnswersFrom(READ_MODEL)
    Page<ProductView> list(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor,
            HttpServletResponse response) {
        int most = Page.limit(limit);
        String after = Page.sortKey(cursor);
        return answers.of(response, READ_MODEL, () -> list(most, after));
    }

    private Page<ProductView> list(int most, @Nullable String after) {
        ListProducts oneMore = new ListProducts(after == null ? null : Sku.of(after), most + 1);
        List<ProductView> found =
                queries.query(oneMore, ResponseTypes.multipleInstancesOf(ProductSummary.class)).join().stream()
                        .map(ProductView::of)
                        .toList();
        return Page.of(found, most, ProductView::sku);
    }

    @GetMapping("/{sku}")
    @AnswersFrom(READ_MODEL)
    ProductView find(@PathVariable Sku sku, HttpServletResponse response) {
        return answers.of(response, READ_MODEL, () -> find(sku));
    }

    private ProductView find(Sku sku) {
        return queries.query(new FindProduct(sku), ResponseTypes.optionalInstanceOf(ProductSummary.class))
                .join()
                .map(ProductView::of)
                .orElseThrow(
                        () -> new Rejection(InventoryRejection.PRODUCT_NOT_FOUND, "There is no product " + sku + "."));
    }

    @PutMapping("/{sku}")
    ResponseEntity<ListedProduct> offer(@PathVariable Sku sku, @RequestBody ProductOffer offer) {
        ListProduct command = offer.of(sku);
        boolean isNew = commands.<Boolean>sendAndWait(command);
        ResponseEntity.BodyBuilder answer =
                isNew ? ResponseEntity.created(URI.create("/api/products/" + sku)) : ResponseEntity.ok();
        return answer.body(new ListedProduct(sku.value(), command.name(), MoneyView.of(command.price())));
    }

    @PostMapping("/{sku}/stock")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void receive(@PathVariable Sku sku, @RequestBody Delivery delivery) {
        commands.sendAndWait(new ReceiveStock(sku, delivery.quantity()));
    }
}
