package io.interdict;

import java.util.Optional;

/**
 * A listed entity that a party matched.
 *
 * @param score the score from 0 to 1, rounded to five decimals
 * @param query the name that was screened
 * @param list the list's name
 * @param entityId the entity's id in its list
 * @param entityName the entity's primary name
 * @param matchedName the listed name that scores best; for a hit by identifier its kind and value
 * @param schema the kind of party that the entity is
 * @param program the sanctions programmes, joined by {@code ;}
 * @param matchedBy whether a name or an identifier matched
 * @param group the party across all lists, named by the smallest {@code list:id} of its entries
 * @param weak whether the list marks the matched name as a weak alias
 * @param queryPart the part of the name that matched, if it was not the whole
 */
public record Hit(
        double score,
        String query,
        String list,
        String entityId,
        String entityName,
        String matchedName,
        Schema schema,
        String program,
        MatchedBy matchedBy,
        String group,
        boolean weak,
        Optional<String> queryPart) {}
