package io.waybill.gateway.identity;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How accounts and tokens of our own are kept.
 *
 * @param tokenLifetime how long a token is good
 * @param keyFile the JWK set with the private keys; {@code keys.json} in the data folder by default. Instances share
 *     it.
 * @param keyAge how old a signing key gets before a new one takes over
 * @param keyLead how long a new key is published before it signs
 * @param keyCheck how often the file is looked at
 * @param hashing how many passwords are hashed at once; each takes 19 MiB for the while
 * @param waiting how many may wait for that; more are told to come again
 * @param operatorEmail the address of the operators' first account
 */
@ConfigurationProperties("waybill.identity")
record IdentitySettings(
        @DefaultValue("15m") Duration tokenLifetime,
        @Nullable Path keyFile,
        @DefaultValue("30d") Duration keyAge,
        @DefaultValue("60s") Duration keyLead,
        @DefaultValue("5s") Duration keyCheck,
        @DefaultValue("2") int hashing,
        @DefaultValue("64") int waiting,
        @DefaultValue("operator@waybill.local") String operatorEmail) {

    IdentitySettings {
        require(tokenLifetime.isPositive() && tokenLifetime.toHours() <= 24, "token-lifetime is at most a day");
        require(!keyLead.isNegative() && keyLead.compareTo(keyAge) < 0, "key-lead must be less than key-age");
        require(keyCheck.isPositive(), "key-check must be more than nothing");
        require(hashing >= 1 && hashing <= 64, "hashing is 1 to 64");
        require(waiting >= 1 && waiting <= 10_000, "waiting is 1 to 10000");
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException("waybill.identity." + complaint);
        }
    }
}
