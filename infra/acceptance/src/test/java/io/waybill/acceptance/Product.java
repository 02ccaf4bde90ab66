package io.waybill.acceptance;

/** A product that only one story sells, so that its pieces can be counted. */
record Product(Http gateway, String sku, int received) {

    /** How many pieces the shop says can be bought. */
    long available() {
        return gateway.get("/api/products/" + sku)
                .orFail()
                .body()
                .path("available")
                .asLong();
    }
}
