package io.waybill.testing.samples.pay.api;

public record Refunded(String reason) implements PayEvent.Undone {}
