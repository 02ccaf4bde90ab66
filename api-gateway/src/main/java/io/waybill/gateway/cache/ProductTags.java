package io.waybill.gateway.cache;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Products and the lists they are in, and which events of inventory outdate them. */
final class ProductTags implements Tagging {

    static final String LISTS = "products";

    /** Events after which a product looks different to a buyer. */
    static final List<String> EVENTS = List.of(
            "inventory.product-listed",
            "inventory.price-changed",
            "inventory.stock-received",
            "inventory.stock-reserved",
            "inventory.stock-released",
            "inventory.stock-committed");

    private static final Pattern PRODUCT = Pattern.compile("/api/products/([^/]+)");

    @Override
    public Set<String> tagsOf(CacheRequest request) {
        // Decoded, as the context reads it, whatever way the client wrote it.
        var path = request.uri().getPath();
        if (path == null) {
            return Set.of();
        }
        if (path.equals("/api/products")) {
            return Set.of(LISTS);
        }
        var product = PRODUCT.matcher(path);
        return product.matches() ? Set.of(ofProduct(product.group(1))) : Set.of();
    }

    /** What an event outdates, by its payload: one product, or those of its lines; and always the lists. */
    static Set<String> outdatedBy(JsonNode payload) {
        var tags = new LinkedHashSet<String>();
        tags.add(LISTS);
        if (payload.path("sku").isTextual()) {
            tags.add(ofProduct(payload.path("sku").asText()));
        }
        payload.path("lines")
                .forEach(line -> tags.add(ofProduct(line.path("sku").asText())));
        return tags;
    }

    private static String ofProduct(String sku) {
        return "product:" + sku;
    }
}
