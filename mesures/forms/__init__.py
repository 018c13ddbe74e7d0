"""Forms of the mandataire's acts; the reservation's are in mesures/forms/reservation.py."""
