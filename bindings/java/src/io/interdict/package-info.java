/**
 * Sanctions screening in the process of a Java program.
 *
 * <pre>{@code
 * try (Screener screener = Screener.open(Path.of("lists.idx"))) {
 *     Party party = Party.named("Anatoli Petrovski").schema(Schema.PERSON).birthDate("1970-03-04").build();
 *     for (Hit hit : screener.screen(party)) {
 *         System.out.printf("%.4f %s %s%n", hit.score(), hit.list(), hit.entityName());
 *     }
 * }
 * }</pre>
 *
 * <p>Hits are those of the program {@code interdict} for the same party, lists and settings.
 */
package io.interdict;
