package io.waybill.gateway.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Products and the lists they are in, and which events of inventory outdate them. Stock comes and goes; what a product
 * is called and costs, its offer, lasts longer.
 */
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

    private static final Set<String> OF_OFFERS = Set.of("inventory.product-listed", "inventory.price-changed");

    /** What is still true of an answer without its stock level. */
    private static final Set<String> LASTING_HEADERS = Set.of("content-type", "date", "age");

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String LIST_PATH = "/api/products";

    /** What is kept of the lists: their beginnings. A cursor can be made up. */
    private static final Pattern BEGINNING = Pattern.compile("limit=([1-9]\\d?|100)");

    private static final Pattern PRODUCT = Pattern.compile("/api/products/([^/]+)");

    /**
     * One product and one beginning of the list have one target each: with a parameter that means nothing, or the same
     * characters written in another way, anybody could fill the store with copies.
     */
    @Override
    public boolean isWorthKeeping(CacheRequest request) {
        if (tagsOf(request).isEmpty()) {
            return true;
        }
        var path = request.uri().getRawPath();
        var query = request.uri().getRawQuery();
        return path.indexOf('%') < 0
                && (query == null
                        || (path.equals(LIST_PATH) && BEGINNING.matcher(query).matches()));
    }

    @Override
    public Set<String> tagsOf(CacheRequest request) {
        // Decoded, as the context reads it, whatever way the client wrote it.
        var path = request.uri().getPath();
        if (path == null) {
            return Set.of();
        }
        if (path.equals(LIST_PATH)) {
            return Set.of(LISTS);
        }
        var product = PRODUCT.matcher(path);
        return product.matches() ? Set.of(ofProduct(product.group(1))) : Set.of();
    }

    @Override
    public Set<String> lastingTagsOf(CacheRequest request) {
        var path = request.uri().getPath();
        var product = PRODUCT.matcher(path == null ? "" : path);
        return product.matches() ? Set.of(ofOffer(product.group(1))) : Set.of();
    }

    @Override
    public @Nullable StoredAnswer lastingPartOf(StoredAnswer answer) {
        var offer = offerIn(answer);
        if (offer == null) {
            return null;
        }
        return new StoredAnswer(
                answer.status(),
                answer.headers()
                        .without(name -> !LASTING_HEADERS.contains(name))
                        .with("Cache-Control", "no-store"),
                new StoredAnswer.Body(offer.toString().getBytes(StandardCharsets.UTF_8)),
                answer.vary(),
                answer.requestedAt(),
                answer.receivedAt(),
                answer.position());
    }

    private static @Nullable JsonNode offerIn(StoredAnswer answer) {
        try {
            return answer.status() == 200
                            && JSON.readTree(answer.body().bytes()) instanceof ObjectNode product
                            && product.remove("available") != null
                    ? product
                    : null;
        } catch (IOException e) {
            // What is no JSON is no product.
            return null;
        }
    }

    /** What an event outdates, by its payload: one product, or those of its lines; and always the lists. */
    static Set<String> outdatedBy(String event, JsonNode payload) {
        var tags = new LinkedHashSet<String>();
        tags.add(LISTS);
        if (payload.path("sku").isTextual()) {
            var sku = payload.path("sku").asText();
            tags.add(ofProduct(sku));
            if (OF_OFFERS.contains(event)) {
                tags.add(ofOffer(sku));
            }
        }
        payload.path("lines")
                .forEach(line -> tags.add(ofProduct(line.path("sku").asText())));
        return tags;
    }

    private static String ofProduct(String sku) {
        return "product:" + sku;
    }

    private static String ofOffer(String sku) {
        return "offer:" + sku;
    }
}
