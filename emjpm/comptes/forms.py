"""Stub: to be written."""

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm


class ConnexionForm(LoginForm):
    pass


class MotDePasseOublieForm(ResetPasswordForm):
    pass


class NouveauMotDePasseForm(ResetPasswordKeyForm):
    pass


class ChangerMotDePasseForm(ChangePasswordForm):
    pass
