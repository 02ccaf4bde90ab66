package io.waybill.kernel;

/**
 * Marks the types that hold what customers told us about themselves. Such data stands in messages only inside these
 * types, so that it can be encrypted per customer and forgotten, and it is never logged.
 */
public interface PersonalData {}
