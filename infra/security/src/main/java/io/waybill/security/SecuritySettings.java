package io.waybill.security;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose tokens are believed. The gateway and all contexts are given the same.
 *
 * @param issuerUri an OpenID provider that stands in for the gateway's own accounts; none by default
 * @param issuer what our own tokens name as their issuer
 * @param audience what a token must be meant for
 * @param jwkSetUri where our own public keys are found, for contexts: the gateway's address, or a {@code file:}
 * @param clockSkew how far the clocks of issuer and reader may differ
 * @param rolesClaim the claim that lists the caller's roles
 * @param customerRole the role of customers; where it is empty, everyone with a token is one. Empty by default with a
 *     foreign provider
 * @param operatorRole the role of operators
 */
@ConfigurationProperties("waybill.security")
public record SecuritySettings(
        @Nullable URI issuerUri,
        @DefaultValue("urn:waybill:gateway") String issuer,
        @DefaultValue("waybill") String audience,

        @DefaultValue("http://localhost:8080/.well-known/jwks.json")
        URI jwkSetUri,

        @DefaultValue("30s") Duration clockSkew,
        @DefaultValue("roles") String rolesClaim,
        @Nullable String customerRole,
        @DefaultValue("operator") String operatorRole) {

    public static final String CUSTOMER = "customer";
    public static final String OPERATOR = "operator";

    public SecuritySettings {
        if (issuerUri != null && issuerUri.toString().isBlank()) {
            issuerUri = null;
        }
        require(issuerUri == null || issuerUri.getHost() != null, "issuer-uri must be an address");
        require(!issuer.isBlank(), "issuer must not be empty");
        require(!audience.isBlank(), "audience must not be empty");
        require(!operatorRole.isBlank(), "operator-role must not be empty");
        require(!clockSkew.isNegative() && clockSkew.toMinutes() <= 5, "clock-skew must be 0 to 5 minutes");
        if (customerRole == null) {
            customerRole = issuerUri == null ? CUSTOMER : "";
        }
    }

    @Override
    public String customerRole() {
        return customerRole == null ? "" : customerRole;
    }

    /** Whether accounts and tokens are our own affair. */
    public boolean isOwnIssuer() {
        return issuerUri == null;
    }

    /** Whom a token must come from. */
    public String expectedIssuer() {
        return issuerUri == null ? issuer : issuerUri.toString();
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException("waybill.security." + complaint);
        }
    }
}
