package io.waybill.testing.samples.pay.api;

import java.util.List;

/** Both fields lose cents. */
public record Inexact(double amount, List<Float> parts) {}
