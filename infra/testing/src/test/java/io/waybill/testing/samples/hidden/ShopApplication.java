package io.waybill.testing.samples.hidden;

public class ShopApplication {

    /** Public, but within reach of nobody who cannot reach its owner. */
    public record Answer(String text) {}
}
