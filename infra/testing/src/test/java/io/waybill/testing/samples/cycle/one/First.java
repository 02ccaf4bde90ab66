package io.waybill.testing.samples.cycle.one;

import io.waybill.testing.samples.cycle.two.Second;

public record First(Second second) {}
